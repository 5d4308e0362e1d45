# Runs test programs and reads their TAP.
package Tap;
use strict;
use warnings;
use Exporter 'import';
use POSIX ();
use TAP::Parser;
use Guard;
our @EXPORT = qw(runtests death);

our $seconds = $ENV{TEST_SECONDS} || 60;	# for one test program
our $lines = 24;	# to tell what failed in it

# Runs test programs, some at a time.  What each reports is kept beside it in
# NAME.t.out, and what it prints besides in NAME.t.said.  Returns a hash for
# each: file, ok, passed, total, why (lines that tell what failed), said (the
# lines that it printed), told (why, and the last of what it printed).
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
	my $parent = $$;
	my $pid = fork() // die "no process: $!\n";
	return $pid if $pid;
	diewithparent($parent);
	unlink "$file.said";
	open STDOUT, '>', "$file.out" or POSIX::_exit(126);
	POSIX::_exit(126) if !-f -x -s $file;
	exec $^X, 'tools/limit', '-w', "$file.said", $seconds, 1_000_000,
		split(' ', $machine->{run}), $file or POSIX::_exit(127);
}

# Reads what one test program reported.  If it broke off, printed no plan or
# no test, or ended with a failure that it did not print, that counts as one
# more test, which failed.
sub judge {
	my ($file, $status) = @_;
	if (!-f -x -s $file) {
		my $why = -e $file ? "$file is no program: remove it, and it "
			. 'will be built again' : 'it was not built';
		return { file => $file, ok => 0, passed => 0, total => 1,
			why => [$why], told => [$why], said => [] };
	}
	my $tap = TAP::Parser->new({ tap => text("$file.out") || "\n" });
	my ($bad, $trying, @why) = (0, '');
	while (my $line = $tap->next) {
		$bad = !$line->is_ok if $line->is_test;
		if ($line->is_comment && $line->comment =~ /^trying: (.*)/) {
			$trying = " while trying: $1,";
			next;
		}
		# The rest of a comment that has several lines.
		push @why, '#   ' . $line->raw
			if $bad && $line->is_unknown && @why < $lines;
		push @why, $line->as_string if @why < $lines && ($line->is_comment
			? $bad || $line->as_string =~ /SEED/ : $line->is_test && $bad);
	}
	my $passed = () = $tap->passed;
	my $total = $tap->tests_run;
	$passed = $total = 0 if $status == 124;
	$total = $tap->tests_planned if ($tap->tests_planned // 0) > $total;
	if (!$tap->tests_run) {
		push @why, 'it ran no test';
	} elsif (!defined $tap->tests_planned) {
		push @why, "it broke off$trying before its plan (1..N)";
	} elsif ($tap->tests_planned != $tap->tests_run) {
		push @why, 'it planned ' . $tap->tests_planned
			. ' tests and ran ' . $tap->tests_run;
	}
	push @why, death($status) if $status > 1 && $status != 124;
	my $ok = $status == 0 && $total && $passed == $total
		&& !$tap->parse_errors;
	$total++ if !$ok && $passed == $total;
	@why = () if $ok;
	my @said = split /\n/, text("$file.said");
	return { file => $file, ok => $ok, passed => $passed, total => $total,
		why => \@why, said => \@said,
		told => [@why, $ok ? () : printed(@said)] };
}

# The last lines that a program printed, for a message.
sub printed {
	my @lines = grep { /\S/ } @_;
	return () if !@lines;
	my $n = @lines > 10 ? 10 : @lines;
	return (@lines > 10 ? 'it printed, at last:' : 'it printed:',
		map { '    ' . (length > 200 ? substr($_, 0, 200) . ' ...' : $_) }
		@lines[-$n .. -1]);
}

sub text {
	my ($file) = @_;
	open my $in, '<', $file or return '';
	local $/;
	return scalar(<$in>) // '';
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
