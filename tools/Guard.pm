# Runs programs so that nothing of them goes on when it should be over.
#
# The program is not a child of the tool that wants it, but of a process
# between them, the guard.  A process whose parent ends becomes a child of the
# guard (a "subreaper"), even if it has left its session; so when the program
# has ended, or the tool has, the guard kills all that it finds below itself.
# The kernel tells it when the tool ends, however that is.  If it is the guard
# that ends, the kernel kills the program, and the tool kills the rest.
package Guard;
use strict;
use warnings;
use Config;
use Exporter 'import';
use POSIX qw(:signal_h :sys_wait_h setpgid setsid);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
our @EXPORT = qw(guarded status unguarded diewithparent awake);

# The tools read and write bytes, whatever the reader wants perl to do.
BEGIN {
	if (${^UNICODE}) {
		delete @ENV{qw(PERL_UNICODE PERL5OPT)};
		exec $^X, $0, @ARGV or die "cannot run $^X: $!\n";
	}
}

my %number = (x86_64 => 157, i386 => 172, i486 => 172, i586 => 172,
	i686 => 172, arm => 172, aarch64 => 167, riscv64 => 167);
my ($cpu) = $Config{archname} =~ /^([^-]*)/;
my @ends = qw(INT TERM HUP QUIT);

sub prctl {
	my ($option, $value) = @_;
	syscall $number{$cpu}, $option, $value, 0, 0, 0 if $number{$cpu};
}

# From now on this process gets a signal (TERM) when its parent, which should
# have this number, ends.
sub diewithparent {
	my ($parent, $signal) = @_;
	prctl(1, $signal || SIGTERM);
	kill $signal || SIGTERM, $$ if getppid() != $parent;
}

# Calls fn, which should exec a program, under a guard.  With apart, the
# terminal's signals do not reach it: who calls has to pass them on.  Returns
# a hash: guard (its process), report (a handle; its end is the end of the
# guard, and of all that it guards).
sub guarded {
	my ($fn, $apart) = @_;
	prctl(36, 1);
	pipe(my $report, my $to) or die "no pipe: $!\n";
	my $parent = $$;
	my $pid = fork() // die "no process: $!\n";
	if ($pid == 0) {
		close $report;
		setsid() if $apart;
		guard($fn, $apart, $to, $parent);
		POSIX::_exit(0);
	}
	close $to;
	return { guard => $pid, report => $report };
}

# The wait status of a guarded program that has ended; undef if the guard was
# killed.  Waits for the end.
sub status {
	my ($run) = @_;
	my $said = '';
	1 while ($_ = sysread $run->{report}, $said, 100, length $said)
		|| !defined && $!{EINTR};
	unguarded($run) if $said eq '';
	waitpid $run->{guard}, 0;
	return $said =~ /^(\d+)\n/ ? $1 : undef;
}

# Ends a guarded program and all that it has started.
sub unguarded {
	my ($run) = @_;
	kill TERM => $run->{guard};
	for (1 .. 300) {
		return killall() if waitpid($run->{guard}, WNOHANG);
		select undef, undef, undef, 0.01;
	}
	killall();
}

# The guard itself.
sub guard {
	my ($fn, $apart, $to, $parent) = @_;
	my ($stop, $status, $pid) = ('');
	my $none = POSIX::SigSet->new;
	my $old = POSIX::SigSet->new;
	sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGINT, SIGTERM, SIGHUP,
		SIGQUIT, SIGCHLD, SIGUSR1, SIGUSR2), $old);
	$SIG{$_} = sub { $stop = 1 } for @ends;
	$SIG{CHLD} = sub { };
	$SIG{USR1} = sub { kill STOP => -$pid } if $apart;
	$SIG{USR2} = sub { kill CONT => -$pid } if $apart;
	prctl(36, 1);
	diewithparent($parent);
	my $self = $$;
	$pid = fork() // die "no process: $!\n";
	if ($pid == 0) {
		$SIG{$_} = 'DEFAULT' for @ends, qw(CHLD USR1 USR2);
		sigprocmask(SIG_SETMASK, $old);
		setpgid(0, 0) if $apart;
		diewithparent($self, SIGKILL);
		$fn->();
		POSIX::_exit(127);
	}
	setpgid($pid, $pid) if $apart;
	until ($stop || defined $status) {
		my $ended = waitpid -1, WNOHANG;
		$status = $? if $ended == $pid;
		sigsuspend($none) if $ended <= 0;
	}
	if ($apart) {
		kill KILL => -$pid;
	} else {
		askall();
	}
	killall();
	syswrite $to, "$status\n" if defined $status;
}

# Kills the children of this process, and then those who become its children
# by that, until there are none.
sub killall {
	for (1 .. 3000) {
		kill KILL => children();
		my $ended;
		1 while ($ended = waitpid -1, WNOHANG) > 0;
		return if $ended < 0;
		select undef, undef, undef, 0.001;
	}
}

# Asks all descendants of this process to end, which may have something to tidy
# up, and gives them a second.
sub askall {
	my @all = children();
	push @all, map { children($_) } $_ for @all;
	kill TERM => @all;
	for (1 .. 50) {
		my $ended;
		1 while ($ended = waitpid -1, WNOHANG) > 0;
		return if $ended < 0;
		select undef, undef, undef, 0.02;
	}
}

sub children {
	my $of = shift // $$;
	my $text = contents("/proc/$of/task/$of/children");
	return split ' ', $text if defined $text;
	return map {
		my ($parent) = (contents($_) // '') =~ /^.*\) \S (\d+)/s;
		($parent // 0) == $of ? m,(\d+), : ();
	} glob '/proc/[0-9]*/stat';
}

sub contents {
	my ($file) = @_;
	open my $in, '<', $file or return undef;
	local $/;
	return scalar(<$in>) // '';
}

# The seconds that have passed while this process was awake: no clock that can
# be set, and a gap between two calls counts as a fifth of a second at most.
# Who calls it more often than that does not count a time in which it was
# stopped, or the whole machine was.
my ($last, $sum) = (clock_gettime(CLOCK_MONOTONIC), 0);
sub awake {
	my $now = clock_gettime(CLOCK_MONOTONIC);
	my $gap = $now - $last;
	$last = $now;
	return $sum += $gap > 0.2 ? 0.2 : $gap;
}
1;
