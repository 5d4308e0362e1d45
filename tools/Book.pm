# What the tools of this book share: the machines, the trees, running tests.
package Book;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(getcwd);
use Digest::SHA;
use Fcntl qw(:flock F_SETFD FD_CLOEXEC);
use File::Find;
use POSIX ();
use Guard;
use Tap;
our @EXPORT = qw(chapters bugs machines pick plain slurp spill tool command
	lock cache tangle tree copy flags make build testfiles runtests death);

# What the reader's settings would change: the language of messages (and perl
# warns of one that is not installed), and the rules of the shell and of awk.
# The make that started a tool should not meddle with the ones it starts; but
# the tool ends with it.
$ENV{LC_ALL} = 'C';
delete @ENV{qw(POSIXLY_CORRECT PERL_UNICODE CDPATH)};
diewithparent(getppid()) if defined $ENV{MAKELEVEL};
# Flags of the compiler count where a reader's own program is built.
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES TESTDIR)};
my %flags;
for (qw(CFLAGS EXTRA_CFLAGS LDFLAGS)) {
	my $value = delete $ENV{$_};
	$flags{$_} = $value if defined $value;
}
sub flags { return map { "$_=$flags{$_}" } sort keys %flags }

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

# Lets one run at a time use what has this name, until this program ends; waits,
# and says for whom.  A program that one with the lock has started has it, too.
# The make that a killed program leaves behind has it until it is done.
my %lock;
sub lock {
	my ($name) = @_;
	return if $lock{$name} || " $ENV{BOOK_LOCKS} " =~ / \Q$name\E /;
	command('mkdir', '-p', 'build');
	my $file = "build/lock-$name" =~ s,(?<=/)(.*)/,$1-,r;
	my ($said, $held);
	until ($held) {
		open my $in, '+>>', $file or plain("cannot write $file: $!");
		if (!flock $in, LOCK_EX|LOCK_NB) {
			print STDERR "waiting for another make of $name here",
				slurp($file) =~ s/(.+)\n/ (process $1)/r,
				" to end\n" if !$said++;
			flock $in, LOCK_EX or plain("cannot lock $file: $!");
		}
		# make clean may have removed the file meanwhile.
		$held = -e $file && (stat $file)[1] == (stat $in)[1];
		$lock{$name} = $in;
	}
	truncate $lock{$name}, 0;
	syswrite $lock{$name}, "$$\n";
	$ENV{BOOK_LOCKS} .= " $name";
}
$ENV{BOOK_LOCKS} //= '';

# Lets this program and those that it starts compile nothing twice, if ccache is
# installed.  Trees that differ in a line share the rest of their objects;
# where an object says in which folder it was compiled, it may be another one's.
sub cache {
	my $compilers = '/usr/lib/ccache';
	return if $ENV{CCACHE_DISABLE} || ":$ENV{PATH}:" =~ /:$compilers:/
		|| !-d $compilers;
	$ENV{PATH} = "$compilers:$ENV{PATH}";
	$ENV{CCACHE_DIR} = getcwd() . '/build/ccache';
	$ENV{CCACHE_NOHASHDIR} = 1;
	$ENV{CCACHE_MAXSIZE} = '500M';
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
	my $products = "$dir/$out/$machine->{name}";
	distrust($dir, $products, map { /^TESTDIR=(.*)/ } @goals);
	fcntl $_, F_SETFD, 0 for values %lock;
	my @result = command('make', '-s', '--no-print-directory', '-j2',
		'-C', $dir, "MACHINE=$machine->{name}", "CC=$machine->{cc}",
		"OUT=$out", "RUN=$machine->{run}", @goals);
	fcntl $_, F_SETFD, FD_CLOEXEC for values %lock;
	spill("$products/sources", slurp("$products/sources")) if -e $products;
	return @result;
}

# make believes dates.  A product that is newer than the end of the last build
# here is from one that was killed, or not ours, or from the future: it is
# removed.  A source that is not what it was then gets a date that shows it.
# The file "sources" in $products has the date of that end, and the checksums.
sub distrust {
	my ($dir, $products, @more) = @_;
	my $list = "$products/sources";
	my %then = map { reverse split ' ', $_, 2 } split /\n/, slurp($list)
		if -e $list;
	my $end = -e $list ? (stat $list)[9] : 0;
	my %now;
	for my $d ($dir, map { m,^/, ? $_ : "$dir/$_" } @more) {
		find({ no_chdir => 1, follow_fast => $d ne $dir, wanted => sub {
			$File::Find::prune = 1
				if m,^\Q$dir\E/(?:out|chapters|code|\.[^/]*)$,;
			$now{$_} = Digest::SHA->new(1)->addfile($_)->hexdigest
				if -f && /(?:\.[chS]|Makefile|\.mk)$/;
		} }, $d);
	}
	my @changed = grep { ($then{$_} // '') ne $now{$_} } sort keys %now;
	if (!%then || grep { /(?:Makefile|\.mk)$/ } @changed) {
		command('rm', '-rf', $products);
	} else {
		command('find', $products, '-type', 'f', '-newer', $list, '-delete');
		utime undef, undef, grep { (stat)[9] <= $end } @changed;
	}
	command('mkdir', '-p', $products);
	spill($list, join '', map { "$now{$_} $_\n" } sort keys %now);
}

# Makes the book's own tree of chapter N, or a broken one: clean sources, and
# the same with #line.  Nobody edits it.  Returns a hash: name, code, lined,
# flags (for its make).
my %made;
sub tree {
	my ($n, $bug) = @_;
	my $name = $bug ? "broken/$bug" : "chapter$n";
	return $made{$name} //= do {
		lock('the book');
		my %t = (name => $name, code => "build/trees/$name",
			lined => "build/lined/$name", said => '',
			flags => ['EXTRA_CFLAGS=-Werror']);
		tangle($n, $bug ? ('--broken', $bug) : (),
			'--lines', $t{lined}, $t{code});
		\%t;
	};
}

# The same for the copy in code/, which a reader may have changed.  Files that
# are not the book's stay as they are.  "said" tells which, and what tangle said.
# (When the book records what it prints, it is the book's own tree.)
sub copy {
	my ($n, $bug) = @_;
	return tree($n, $bug) if $ENV{BOOK_RECORDS};
	my $name = $bug ? "broken/$bug" : "chapter$n";
	lock($name);
	my %t = (name => $name, code => "code/$name",
		lined => "build/book/$name", flags => [flags()]);
	$t{said} = tangle($n, $bug ? ('--broken', $bug) : (), '--keep',
		'--lines', $t{lined}, $t{code});
	my %kept;
	push @{ $kept{$1} }, $2 while $t{said} =~ s/^kept: (\w+) (.*)\n//m;
	my @ours = (@{ $kept{changed} // [] }, @{ $kept{overtaken} // [] });
	$t{said} .= "$t{code}: you have "
		. join(' and ', @ours ? 'changed ' . some(@ours) : (),
			$kept{added} ? 'added ' . some(@{ $kept{added} }) : ())
		. ": built and tested as you left it.\n" if %kept;
	$t{said} .= 'The book has changed ' . some(@{ $kept{overtaken} })
		. " since.\n" if $kept{overtaken};
	$t{said} .= "To have the book's again, remove the file and repeat the "
		. "command.\n" if @ours;
	return \%t;
}

# The first of some names.
sub some {
	my @names = @_;
	my $more = @names - 4;
	return $more > 1 ? "@names[0 .. 3] and $more more" : "@names";
}

# Builds programs of such a tree for a machine: all, or NAME, test/NAME.t ...
# The products are in the clean tree, out/MACHINE.  Returns whether it worked,
# and what was said.
sub build {
	my ($tree, $machine, @programs) = @_;
	my $link = "$tree->{lined}/out";
	command('mkdir', '-p', "$tree->{code}/out");
	command('ln', '-sfnT', getcwd() . "/$tree->{code}/out", $link);
	return make($tree->{lined}, $machine, 'out', @{ $tree->{flags} },
		map { $_ eq 'all' ? $_ : "out/$machine->{name}/$_" } @programs);
}

# The test programs that a built tree ought to have.
sub testfiles {
	my ($dir, $out, $machine) = @_;
	return map { m,([^/]*)\.c$, ? "$out/$machine->{name}/test/$1.t" : () }
		sort glob "$dir/*.c";
}
1;
