# What the tools know about an exercise: its folder, its title, its start.
package Exercise;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(abs_path);
use Digest::SHA;
use Book;
our @EXPORT = qw(exercises exercise apply origin untex);

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
	return $e // plain("there is no exercise $number; there are: "
		. join ' ', map { $_->{number} } @all);
}

sub read_exercise {
	my ($dir) = @_;
	my %e = (dir => $dir, title => '', rating => '', minutes => '');
	($e{number}, $e{chapter}) = $dir =~ m,/((\d+)\.\d+)-,;
	my $arg = qr/\{((?:[^{}]|\{[^{}]*\})*)\}/;
	@e{qw(title rating minutes)} = map { untex($_) } ($1, $2, $3)
		if -e "$dir/statement.tex" && slurp("$dir/statement.tex")
		=~ /\\begin\{exercise\}\{\Q$e{number}\E\}$arg$arg$arg/;
	$e{machines} = -e "$dir/machines"
		? join(' ', split ' ', slurp("$dir/machines")) : '';
	return \%e;
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

# A number that tells one starting point from another: the files of the
# chapter's tree, and the patch on it.
sub origin {
	my ($e, $tree) = @_;
	my $sum = Digest::SHA->new(256);
	my @files = map { "$tree->{code}/$_" } split /\n/,
		slurp('build/tangled/' . $tree->{code} =~ tr,/,_,r);
	for (@files, "$e->{dir}/start.patch") {
		$sum->add("$_\n", -e $_ ? slurp($_) : '');
	}
	return $sum->hexdigest . "\n";
}

# TeX for a terminal.
sub untex {
	my ($text) = @_;
	for ($text) {
		s/(?<!\\)%.*\n//g;
		1 while s/\\(?:code|emph|term|textbf|textit|ix|file)
			(?:\[[^]]*\])?\{([^{}]*)\}/$1/x;
		s/\[\[(.*?)\]\]/$1/g;
		s/\\(?:begin|end)\{[^}]*\}//g;
		s/\\item\b/*/g;
		s/(?<!\\)\$|\\[,!;]//g;
		s/Chapter~\\ref\{[^}]*\}/another chapter/g;
		s/~?\\(?:cite|ref|label)\{[^}]*\}//g;
		s/\\([%&_#\$\{\} ])/$1/g;
		s/\\[a-z]+\b ?//g;
		s/~/ /g;
		s/``|''/"/g;
		s/---?/-/g;
		s/\A\s+|\s+\z//g;
	}
	return $text;
}
1;
