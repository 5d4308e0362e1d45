# The reader's copy of an exercise's program, work/exercise-N.M.
#
# What the tools note about it is in its folder .book: the state that it began
# with, what that was made from, and on which machines it has been solved.
package Copy;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(abs_path);
use Digest::SHA;
use Book;
use Exercise;
use Plain;
our @EXPORT = qw(copyof make_copy buildtest solved note_solved);

sub copyof { return "work/exercise-$_[0]{number}" }

# Makes the copy if it is not there.  Returns what is to be said about it.
sub make_copy {
	my ($e) = @_;
	my ($copy, $made_from) = (copyof($e), made_from($e));
	if (-e $copy) {
		renew_statement($e);
		my $noted = "$copy/.book/made-from";
		return '' if -e $noted && slurp($noted) eq $made_from;
		return moved_on($e);
	}
	my $new = "work/.new-$$";
	command('mkdir', '-p', "$new/.book");
	my ($ok, $said) = command('sh', '-ec', 'cp -a "$1" "$2/.book/start"; '
		. 'cp -a "$1/." "$2"', 'sh', start($e), $new);
	spill("$new/.book/made-from", $made_from);
	spill("$new/$_", statement($e)) for 'STATEMENT.txt', '.book/statement';
	if (!$ok || !rename $new, $copy) {
		command('rm', '-rf', $new);
		plain($ok ? "cannot make $copy: $!" : $said);
	}
	return "It was made now, from chapter $e->{chapter}.\n";
}

# The state in which the exercise begins, in a folder of its own.
sub start {
	my ($e) = @_;
	my ($tree, $start) = map { "build/start/$e->{number}/$_" }
		"chapter$e->{chapter}", 'start';
	tangle($e->{chapter}, $tree);
	command('rm', '-rf', $start);
	my ($ok, $said) = command('cp', '-a', $tree, $start);
	plain($said) if !$ok;
	my $error = apply("$e->{dir}/start.patch", $start);
	plain($error) if $error;
	return $start;
}

# A number that stands for all that the start is made from.
sub made_from {
	my ($e) = @_;
	return sum(grep({ m,/(\d+)-, && $1 <= $e->{chapter} }
		sort glob 'chapters/*.nw'), "$e->{dir}/start.patch") . "\n";
}

sub sum {
	my $sum = Digest::SHA->new(256);
	$sum->add("$_\n", -e $_ ? slurp($_) : '') for @_;
	return $sum->hexdigest;
}

# The statement, as a file to read.
sub statement {
	my ($e) = @_;
	my $text = untex(slurp("$e->{dir}/statement.tex"), $e->{chapter});
	return "Exercise $e->{number}: $e->{title}\n\n$text\n";
}

# Writes it again if it has changed, but not over what the reader has added.
sub renew_statement {
	my ($e) = @_;
	my ($text, $noted, $file) = (statement($e), map { copyof($e) . $_ }
		'/.book/statement', '/STATEMENT.txt');
	return if -e $noted && slurp($noted) eq $text && -e $file;
	return if -e $file && (!-e $noted || slurp($noted) ne slurp($file));
	command('mkdir', '-p', copyof($e) . '/.book');
	spill($_, $text) for $file, $noted;
}

# What to say if the sources of the start are not what they were when the copy
# was made: nothing, if the start is the same all the same.
sub moved_on {
	my ($e) = @_;
	my ($copy, $start) = (copyof($e), start($e));
	my $old = "$copy/.book/start";
	return "The book may have changed since it was made, by an older version"
		. " of the tools.\nIt is left as it is.\n" if !-d $old;
	my @changed = differing($old, $start);
	if (!@changed) {
		spill("$copy/.book/made-from", made_from($e));
		return '';
	}
	my @mine = differing($old, $copy);
	my $said = fold('The book has changed since it was made: '
		. list(@changed) . '. It is left as it is.') . "\n";
	return "$said\nYou have changed nothing in it.  To begin with the new "
		. "state, remove it:\n    rm -r $copy\n" if !@mine;
	command('sh', '-c', 'cd "$1" && diff -ruN -x out -x .book -x STATEMENT.txt'
		. ' .book/start . >"../$2"', 'sh', $copy, "edits-$e->{number}.patch");
	return $said . "\n" . fold('You have changed ' . list(@mine)
		. ". To carry that over to the new state:") . "\n"
		. "    mv $copy $copy.old\n    make exercise-$e->{number}\n"
		. "    patch -p1 -d $copy <work/edits-$e->{number}.patch\n";
}

# The files that differ in two trees.
sub differing {
	my @trees = map { { contents($_) } } @_;
	my %all = map { %$_ } @trees;
	return grep { ($trees[0]{$_} // '') ne ($trees[1]{$_} // '') }
		sort keys %all;
}

# The files of a tree and their checksums.  What is made is left out, and what
# an editor leaves behind.
sub contents {
	my ($dir) = @_;
	my (undef, $said) = command('find', $dir, '(', '-name', 'out', '-o',
		'-name', '.?*', ')', '-prune', '-o', '-type', 'f', '-printf',
		'%P\n');
	return map { $_ => Digest::SHA::sha256_hex(slurp("$dir/$_")) }
		grep { !/~$|\.(orig|rej)$|^STATEMENT\.txt$/ } split /\n/, $said;
}

# Up to six of some names.
sub list {
	return @_ <= 6 ? "@_" : "@_[0 .. 4] and " . (@_ - 5) . ' more';
}

# The files that are in the program for a machine, the test among them, and
# their checksums.
sub sources {
	my ($e, $m) = @_;
	my %all = contents(copyof($e));
	my %foreign = map { $_->{name} => 1 } grep { $_->{name} ne $m->{name} }
		machines();
	delete @all{grep { m,^([^/]*)/, ? $foreign{$1} || $1 =~ /^(demo|test)$/
		: !/\.[chS]$|^Makefile$/ } keys %all};
	$all{"$_ (test)"} = sum($_) for glob "$e->{dir}/*.[ch] $e->{dir}/wraps";
	return %all;
}

# Builds the test for a machine.  Returns the program, or undef and what was
# said.
sub buildtest {
	my ($e, $m) = @_;
	my $copy = copyof($e);
	my ($built, $said) = make($copy, $m, 'out/exercise', flags(), 'tests',
		'TESTDIR=' . (-l 'work' ? abs_path($e->{dir}) : "../../$e->{dir}"),
		wraps($e));
	return $built ? "$copy/out/exercise/$m->{name}/test/test.t"
		: (undef, $said);
}

# The machines on which the program as it is now has passed the test as it is.
sub solved {
	my ($e) = @_;
	my %noted = noted($e);
	return grep { ($noted{$_->{name}} // '') eq fingerprint($e, $_) }
		pick($e->{machines});
}

# Notes that it has passed on a machine, or that it has not.
sub note_solved {
	my ($e, $m, $passed) = @_;
	my %noted = noted($e);
	delete $noted{$m->{name}};
	$noted{$m->{name}} = fingerprint($e, $m) if $passed;
	command('mkdir', '-p', copyof($e) . '/.book');
	spill(copyof($e) . '/.book/solved',
		join '', map { "$_ $noted{$_}\n" } sort keys %noted);
}

sub noted {
	my $file = copyof($_[0]) . '/.book/solved';
	return -e $file ? slurp($file) =~ /^(\S+) (\S+)$/mg : ();
}

# A number that stands for the program and its test, on one machine.
sub fingerprint {
	my %all = sources(@_);
	return Digest::SHA::sha256_hex(join "\n",
		map { "$all{$_} $_" } sort keys %all);
}
1;
