# What the tools know about an exercise: its folder, its title, its start.
package Exercise;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use Book;
use Plain;
our @EXPORT = qw(exercises exercise exerciselist signature fails
	write_fails mistake faults apply wraps);

$Tap::lines = 40;

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

# What the statement, the hints and the messages of the test get wrong: LaTeX
# that a terminal cannot show, sections that are not there, minutes that do not
# go with the rating.
sub faults {
	my ($e) = @_;
	my ($dir, @faults) = $e->{dir};
	for my $file (grep { -e } "$dir/statement.tex", glob "$dir/hint?.tex") {
		my (undef, @unknown) = untex(slurp($file));
		push @faults, map { "$file: $_ is not known to tools/Plain.pm" }
			@unknown;
	}
	push @faults, map { "$dir/test.c: there is no section: $_" }
		lost($e->{chapter}, slurp("$dir/test.c")) if -e "$dir/test.c";
	my ($least, $most) = minutes($e->{rating});
	push @faults, "$dir/statement.tex: the preface says that [$e->{rating}] "
		. "takes $least to $most minutes"
		if $least && ($e->{minutes} < $least || $e->{minutes} > $most);
	return @faults;
}

# The least and the most minutes that the table in the preface gives to a
# rating: those of the last line that is not above it.
sub minutes {
	my ($rating) = @_;
	my @found;
	for (-e 'book.nw' ? split /\n/, slurp('book.nw') : ()) {
		next if !/^(\d\d) & .* & (.*) \\\\$/ || $1 > $rating;
		@found = $2 =~ /^(\d+) to (\d+) minutes$/;
	}
	return @found;
}

# A number for the way in which a test failed: for what it said, without the
# numbers in it, which may be others in the next run.
sub signature {
	my ($t) = @_;
	return substr sha256_hex(join "\n",
		map { s/-?\b(0x[0-9a-f]+|\d+)\b/N/gr =~ s/\s+/ /gr }
		grep { !/^# SEED/ } @{ $t->{why} }), 0, 16;
}

# The file "fails" of an exercise says how its start and the wrong solutions
# fail.  A line: the name of a patch, a signature, the machines.  Here a hash:
# by patch and machine ("wrong-1 arm"), the signatures: one if it always fails
# in the same way.
sub fails {
	my ($e) = @_;
	my %fails;
	for (-e "$e->{dir}/fails" ? split /\n/, slurp("$e->{dir}/fails") : ()) {
		my ($patch, $signature, @machines) = split ' ';
		next if $patch eq '#';
		push @{ $fails{"$patch $_"} }, $signature for @machines;
	}
	return %fails;
}

# Writes it.
sub write_fails {
	my ($e, %fails) = @_;
	my %on;
	for my $key (sort keys %fails) {
		my ($patch, $machine) = split ' ', $key;
		push @{ $on{"$patch $_"} }, $machine for sort @{ $fails{$key} };
	}
	spill("$e->{dir}/fails", join '',
		"# How it fails, and where: made by tools/prove --record\n",
		map { "$_ @{ $on{$_} }\n" } sort keys %on);
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

# What to tell make in a copy of the tree so that calls of the functions named
# in the exercise's file "wraps" go to its test: __wrap_NAME there is called
# instead of NAME, which is still to be had as __real_NAME.
sub wraps {
	my ($e) = @_;
	return () if !-e "$e->{dir}/wraps";
	return join ' ', 'LDFLAGS=-static',
		map { "-Wl,--wrap=$_" } split ' ', slurp("$e->{dir}/wraps");
}
1;
