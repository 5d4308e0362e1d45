# What the tools know about an exercise: its folder, its title, its start.
package Exercise;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(abs_path);
use Book;
use Plain;
our @EXPORT = qw(exercises exercise exerciselist signature fails
	write_fails mistake apply);

# All exercises, as hashes: number, dir, chapter, title, rating, minutes,
# machines (names; empty: all).
sub exercises {
	return map { read_exercise($_) } sort {
		my ($a1, $a2) = $a =~ /(\d+)\.(\d+)/;
		my ($b1, $b2) = $b =~ /(\d+)\.(\d+)/;
		$a1 <=> $b1 || $a2 <=> $b2;
	} grep { m,/\d+\.\d+-[^/]*$, && -d } glob 'exercises/*';
}

sub exercise {
	my ($number) = @_;
	my @all = exercises();
	my ($e) = grep { $_->{number} eq $number } @all;
	return $e // plain(fold("there is no exercise $number; there are: "
		. exerciselist()));
}

# The numbers of all exercises, for a message.
sub exerciselist {
	my %of;
	push @{ $of{$_->{chapter}} }, $_->{number} for exercises();
	return join ' ', map { @$_ > 1 ? "$_->[0]-$_->[-1]" : $_->[0] }
		map { $of{$_} } sort { $a <=> $b } keys %of;
}

sub read_exercise {
	my ($dir) = @_;
	my %e = (dir => $dir, title => '', rating => '', minutes => '');
	($e{number}, $e{chapter}) = $dir =~ m,/((\d+)\.\d+)-,;
	my $arg = qr/\{((?:[^{}]|\{[^{}]*\})*)\}/;
	@e{qw(title rating minutes)} = map { scalar(untex($_)) =~ tr/`*//dr } ($1, $2, $3)
		if -e "$dir/statement.tex" && slurp("$dir/statement.tex")
		=~ /\\begin\{exercise\}\{\Q$e{number}\E\}$arg$arg$arg/;
	$e{machines} = -e "$dir/machines"
		? join(' ', split ' ', slurp("$dir/machines")) : '';
	return \%e;
}

# How a test failed: the names of the tests that failed, and what ended it, a
# line for each, without numbers, which may be others in the next run.
sub signature {
	my ($t) = @_;
	return join "\n", map { s/0x[0-9a-f]+|\d+/#/gr }
		@{ $t->{failed} }, @{ $t->{ended} };
}

# The file "fails" of an exercise, made by tools/prove --record, says how the
# start and the wrong solutions fail.  Here a hash: by the name of a patch and
# a machine ("wrong-1 arm"), a list of signatures: one if it always fails in the
# same way.
sub fails {
	my ($e) = @_;
	my %fails;
	for (split /^(?=\S)/m, -e "$e->{dir}/fails" ? slurp("$e->{dir}/fails") : '') {
		next if /^#/;
		my ($head, @lines) = split /\n\t?/;
		my ($patch, @machines) = split ' ', $head;
		push @{ $fails{"$patch $_"} }, join "\n", @lines for @machines;
	}
	return %fails;
}

# Writes it.
sub write_fails {
	my ($e, %fails) = @_;
	my (%on, @order);
	for my $key (sort keys %fails) {
		my ($patch, $machine) = split ' ', $key;
		for (map { "$patch\0$_" } @{ $fails{$key} }) {
			push @order, $_ if !$on{$_};
			push @{ $on{$_} }, $machine;
		}
	}
	spill("$e->{dir}/fails", join '', "# How the start and the wrong solutions "
		. "fail: made by tools/prove --record.\n", map {
			my ($patch, $signature) = split /\0/;
			"$patch @{ $on{$_} }\n" . $signature =~ s/^/\t/mgr . "\n"
		} @order);
}

# The one known mistake that fails in this way on this machine, in words;
# undef if there are several or none.
sub mistake {
	my ($e, $m, $t) = @_;
	my %fails = fails($e);
	my $signature = signature($t);
	my ($who, @others) = grep { / \Q$m->{name}\E$/
		&& grep { $_ eq $signature } @{ $fails{$_} } } keys %fails;
	my ($patch) = ($who // '') =~ /^(wrong-\d+) /;
	return $patch && !@others && -e "$e->{dir}/$patch.patch"
		&& slurp("$e->{dir}/$patch.patch") =~ /^# (.*)/ ? $1 : undef;
}

# Applies a patch of the exercise to a tree, if it is there and not empty.
# Returns an error or undef.
sub apply {
	my ($patch, $tree) = @_;
	return undef if !-s $patch;
	my ($ok, $said) = command('patch', '-s', '-p1', '-N', '-F0', '-r', '-',
		'--no-backup-if-mismatch', '-d', $tree, '-i',
		abs_path($patch));
	return $ok ? undef : "$patch does not apply: " . (split /\n/, $said)[0];
}

1;
