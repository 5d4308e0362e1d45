# What the tools of this book share: the machines, the trees, running tests.
package Book;
use strict;
use warnings;
use Exporter 'import';
use POSIX ();
use Guard;
use Tap;
our @EXPORT = qw(chapters bugs machines pick plain slurp spill tool command tangle
	tree make build testfiles runtests death);

# What the reader's settings would change: the language of messages (and perl
# warns of one that is not installed), and the rules of the shell and of awk.
# The make that started a tool should not meddle with the ones it starts; but
# the tool ends with it.
$ENV{LC_ALL} = 'C';
delete @ENV{qw(POSIXLY_CORRECT PERL_UNICODE CDPATH)};
diewithparent(getppid()) if defined $ENV{MAKELEVEL};
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES)};

# Ends with one plain line and a failure.
sub plain { print STDERR "@_\n"; exit 1 }

sub slurp {
	my ($file) = @_;
	open my $in, '<', $file or plain("cannot read $file: $!");
	local $/;
	return scalar(<$in>) // '';
}

# Writes a file as a whole or not at all.
sub spill {
	my ($file, $text) = @_;
	open my $out, '>', "$file.new" or plain("cannot write $file: $!");
	if (!(print $out $text) || !close $out) {
		my $why = $!;
		unlink "$file.new";
		plain("cannot write $file: $why");
	}
	rename "$file.new", $file or plain("cannot write $file: $!");
}

# A tool with its interpreter before it, because run bits may be lost; other
# programs as they are.
sub tool {
	my ($program, @args) = @_;
	return @_ if $program !~ m,(?:^|/)tools/, || !open my $in, '<', $program;
	return ((<$in> // '') =~ /^#!.*perl/ ? $^X : 'sh', $program, @args);
}

# Runs a command; returns whether it succeeded, and all that it said.
sub command {
	@_ = tool(@_);
	my $parent = $$;
	my $pid = open(my $in, '-|') // plain("no process: $!");
	if ($pid == 0) {
		diewithparent($parent);
		open STDERR, '>&', \*STDOUT;
		exec { $_[0] } @_ or print "cannot run $_[0]: $!\n";
		POSIX::_exit(127);
	}
	local $/;
	my $said = <$in> // '';
	return (close($in) ? 1 : 0, $said);
}

# The chapter numbers, without the common ground.
sub chapters {
	my %n = map { m,/(\d\d)-, ? ($1 + 0 => 1) : () }
		glob "chapters/[0-9][0-9]-*.nw";
	return sort { $a <=> $b } grep { $_ } keys %n;
}

# What the lines \bug[machines]{NAME}{COMMAND}{PATTERN} of the chapters say,
# as hashes: name, chapter, machines, command, pattern, at (file:line).
sub bugs {
	my @all;
	for my $file (sort glob 'chapters/*.nw') {
		my ($n) = $file =~ m,/0*(\d+)-,;
		my $line = 0;
		for (split /^/, slurp($file)) {
			$line++;
			my ($machines, @rest) =
				/^\\bug(?:\[(.*?)\])?\{(.*?)\}\{(.*?)\}\{(.*)\}/ or next;
			my %bug = (chapter => $n, machines => $machines,
				at => "$file:$line");
			@bug{qw(name command pattern)} = @rest;
			push @all, \%bug;
		}
	}
	return @all;
}

# The machines, as hashes: name, cc, run, how, missing, gdb.  The native
# one comes first.
sub machines {
	my @native = $ENV{NATIVE} ? "NATIVE=$ENV{NATIVE}" : ();
	my (undef, $said) = command('make', '-s', '--no-print-directory',
		'-f', 'tools/machines.mk', @native);
	my @all;
	for (split /\n/, $said) {
		my %m;
		@m{qw(name cc run how missing gdb)} = split /\|/;
		push @all, \%m if defined $m{gdb};
	}
	@all or plain("cannot list the machines: $said");
	my $names = join ' ', map { $_->{name} } @all;
	plain("there is no machine $ENV{NATIVE}; NATIVE is one of: none $names")
		if @native && $ENV{NATIVE} ne 'none'
		&& !grep { $_->{name} eq $ENV{NATIVE} } @all;
	return @all;
}

# The machines whose names are given (separated by blanks or commas).
sub pick {
	my ($want) = @_;
	my @all = machines();
	return @all if !$want || $want eq 'all';
	my %named = map { $_->{name} => $_ } @all;
	return map {
		$named{$_} // plain("there is no machine $_; there are: "
			. join ' ', map { $_->{name} } @all)
	} split /[ ,]+/, $want;
}

# Tangles.  Ends with the complaints if there are errors; else returns them.
sub tangle {
	my ($ok, $said) = command('tools/tangle', @_);
	plain($said =~ s/\n\z//r) if !$ok;
	return $said;
}

# Runs make in a folder with a tree's Makefile, for a machine; products go to
# $out (seen from there).  Returns whether it worked, and what was said.
sub make {
	my ($dir, $machine, $out, @goals) = @_;
	return command('make', '-s', '--no-print-directory', '-j2', '-C', $dir,
		"MACHINE=$machine->{name}", "CC=$machine->{cc}", "OUT=$out",
		"RUN=$machine->{run}", @goals);
}

# Makes a tree of chapter N, or a broken one: the clean sources in code/ and
# those with #line in build/book/.  Returns a hash: name, code, lined, said.
my %made;
sub tree {
	my ($n, $bug) = @_;
	my $name = $bug ? "broken/$bug" : "chapter$n";
	return $made{$name} //= do {
		my @bug = $bug ? ('--broken', $bug) : ();
		my $said = tangle($n, @bug, "code/$name");
		command('tools/tangle', $n, @bug, '--lines', "build/book/$name");
		{ name => $name, said => $said, code => "code/$name",
			lined => "build/book/$name" };
	};
}

# Builds programs of such a tree for a machine: all, or NAME, test/NAME.t ...
# Returns whether it worked, and what was said.
sub build {
	my ($tree, $machine, @programs) = @_;
	my $out = ($tree->{lined} =~ s,[^/]+,..,gr) . "/$tree->{code}/out";
	return make($tree->{lined}, $machine, $out,
		map { $_ eq 'all' ? $_ : "$out/$machine->{name}/$_" } @programs);
}

# The test programs that a built tree ought to have.
sub testfiles {
	my ($dir, $out, $machine) = @_;
	return map { m,([^/]*)\.c$, ? "$out/$machine->{name}/test/$1.t" : () }
		sort glob "$dir/*.c";
}
1;
