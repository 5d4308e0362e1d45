# What the tools of this book share: the machines, the trees, running tests.
package Book;
use strict;
use warnings;
use Exporter 'import';
use POSIX ();
use TAP::Parser;
our @EXPORT = qw(chapters machines pick plain slurp spill command tangle
	tree make build testfiles runtests death);

# The make that started a tool should not meddle with the ones it starts.
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

# Runs a command; returns whether it succeeded, and all that it said.
sub command {
	my $pid = open(my $in, '-|') // plain("no process: $!");
	if ($pid == 0) {
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
	return grep { $_ } map { m,/(\d\d)-, ? $1 + 0 : () }
		sort glob 'chapters/[0-9][0-9]-*.nw';
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

our $seconds = $ENV{TEST_SECONDS} || 60;	# for one test program

# Runs test programs, some at a time.  What each prints is kept beside it in
# NAME.t.out.  Returns a hash for each: file, ok, passed, total, why (lines
# that tell what failed).
sub runtests {
	my ($machine, $jobs, @files) = @_;
	my @queue = @files;
	my (%running, %status);
	while (@queue || %running) {
		if (@queue && keys %running < $jobs) {
			my $file = shift @queue;
			$running{start($machine, $file)} = $file;
			next;
		}
		my $pid = wait;
		my $file = delete $running{$pid} // next;
		$status{$file} = $? >> 8;
	}
	return map { judge($_, $status{$_}) } @files;
}

sub start {
	my ($machine, $file) = @_;
	my $pid = fork() // plain("no process: $!");
	return $pid if $pid;
	open STDOUT, '>', "$file.out" or POSIX::_exit(126);
	exec 'tools/limit', $seconds, 1_000_000, split(' ', $machine->{run}),
		$file or POSIX::_exit(127);
}

# Reads the output of one test program.  If it broke off, printed no plan or
# no test, or ended with a failure that it did not print, that counts as one
# more test, which failed.
sub judge {
	my ($file, $status) = @_;
	my $text = -e "$file.out" ? slurp("$file.out") : '';
	my $tap = TAP::Parser->new({ tap => $text || "\n" });
	my ($bad, @why) = (0);
	while (my $line = $tap->next) {
		$bad = !$line->is_ok if $line->is_test;
		push @why, $line->as_string if @why < 12 && ($line->is_comment
			? $bad || $line->as_string =~ /SEED/ : $line->is_test && $bad);
	}
	my $passed = () = $tap->passed;
	my $total = $tap->tests_run;
	$passed = $total = 0 if $status == 124;
	$total = $tap->tests_planned if ($tap->tests_planned // 0) > $total;
	if (!-x $file) {
		@why = 'it was not built';
	} elsif (!$tap->tests_run) {
		push @why, 'it ran no test';
	} elsif (!defined $tap->tests_planned) {
		push @why, 'it broke off before its plan (1..N)';
	} elsif ($tap->tests_planned != $tap->tests_run) {
		push @why, 'it planned ' . $tap->tests_planned
			. ' tests and ran ' . $tap->tests_run;
	}
	push @why, death($status) if $status > 1 && $status != 124;
	my $ok = $status == 0 && $total && $passed == $total
		&& !$tap->parse_errors;
	$total++ if !$ok && $passed == $total;
	return { file => $file, ok => $ok, passed => $passed, total => $total,
		why => $ok ? [] : \@why };
}

# How a shell would put an exit status.
sub death {
	my ($status) = @_;
	my %name = (129 => 'Hangup', 130 => 'Interrupt', 131 => 'Quit',
		132 => 'Illegal instruction', 133 => 'Trace/breakpoint trap',
		134 => 'Aborted', 135 => 'Bus error',
		136 => 'Floating point exception', 137 => 'Killed',
		138 => 'User defined signal 1', 139 => 'Segmentation fault',
		140 => 'User defined signal 2', 141 => 'Broken pipe',
		142 => 'Alarm clock', 143 => 'Terminated');
	return $name{$status} // ($status ? "[exit status $status]" : '');
}
1;
