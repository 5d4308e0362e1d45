# Finds the transcripts and figures of the book, and runs them.
package Player;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(getcwd);
use Book;
our @EXPORT = qw(items play masked options);

my $top = getcwd();

# [machine=arm,broken=bug] as a hash.
sub options {
	my ($text) = @_;
	return map { /^\s*(\w+)=(.*?)\s*$/ ? ($1 => $2) : () } split /,/, $text // '';
}

# All transcripts and figures, as hashes: kind, name, file (what is recorded),
# at (where it is asked for), chapter, broken, where (the machines, for a
# reader), runs (a list of machine and command).
sub items {
	my (@items, %at);
	for my $chapter (sort glob 'chapters/*.nw') {
		my ($n) = $chapter =~ m,/(\d+)-,;
		my ($line, $code) = (0, 0);
		for (split /^/, slurp($chapter)) {
			$line++;
			$code = 1 if /^<<.*>>=\s*$/;
			$code = 0 if /^@(\s|$)/;
			next if $code;
			my $at = "$chapter:$line";
			my $item;
			if (/^\\transcript(?:\[(.*?)\])?\{(.*?)\}\{(.*)\}/) {
				my ($opt, $name, $command) = ($1, $2, $3);
				my %o = (machine => 'amd64', chapter => $n + 0,
					options($opt));
				$item = { kind => 'transcript', name => $name,
					file => "transcripts/$name.txt", %o,
					runs => [[$o{machine}, $command]] };
			} elsif (/^\\recordedfigure(?:\[.*?\])?\{(.*?)\}/) {
				$item = figure($1);
			} else {
				next;
			}
			my $first = $at{$item->{file}};
			plain("$at: the $item->{kind} $item->{name} is already "
				. "at $first: give it another name") if $first;
			$at{$item->{file}} = $item->{at} = $at;
			$item->{where} = join ' ', map { $_->[0] } @{ $item->{runs} };
			push @items, $item;
		}
	}
	return @items;
}

# Reads figures/NAME.fig.
sub figure {
	my ($name) = @_;
	my $file = "figures/$name.fig";
	my %f = (kind => 'figure', name => $name, machine => 'amd64', runs => [],
		file => "figures/$name.data");
	for (split /\n/, -e $file ? slurp($file) : '') {
		$f{$1} = $2 if /^(chapter|machine|broken)\s+(\S+)/;
		push @{ $f{runs} }, [$f{machine}, $1] if /^run\s+(.*\S)/;
	}
	$f{error} = "$file needs lines: chapter N, and: run PROGRAM"
		if !$f{chapter} || !@{ $f{runs} };
	$f{error} = "there is no $file: write it" if !-e $file;
	return \%f;
}

# Runs an item.  Returns what is to be recorded, and an error or undef.
my %machine;
sub play {
	my ($item) = @_;
	%machine = map { $_->{name} => $_ } machines() if !%machine;
	return ('', $item->{error}) if $item->{error};
	my $text = '';
	for (@{ $item->{runs} }) {
		my ($name, $command) = @$_;
		my $m = $machine{$name} or return ('', "there is no machine $name");
		return ('', "$name is not available: apt-get install $m->{missing}")
			if $m->{missing};
		my ($said, $error) = run($item, $m, $command);
		return ('', $error) if $error;
		$said = join '', grep { /^fig / } split /^/, $said
			if $item->{kind} eq 'figure';
		return ('', "$command printed no line that begins with fig")
			if $said eq '';
		$text .= $said;
	}
	return ($text, undef);
}

# Runs one command in its tree, as a reader would in a shell that has nothing
# in its environment but a seed for random numbers, and returns all of it:
# tree, prompt, output, end.
sub run {
	my ($item, $m, $command) = @_;
	my ($tree, $dir, @run, $head);
	if ($command =~ /^make /) {
		$dir = $top;
		$head = "# book\n\$ $command\n";
		@run = ('sh', '-c', $command);
	} else {
		$tree = tree($item->{chapter}, $item->{broken});
		$dir = $tree->{code};
		my $shell = $command =~ s/^!//;
		my ($program) = split ' ', $command;
		my ($ok, $said) = build($tree, $m, $shell ? 'all' : $program);
		return ('', "it does not build: " . (split /\n/, $said)[0]) if !$ok;
		$command = join ' ', grep { $_ } $m->{run}, "out/$m->{name}/$command"
			if !$shell;
		$head = "# $tree->{name} $m->{name}\n\$ $command\n";
		@run = $shell ? ('sh', '-c', $command) : split ' ', $command;
	}
	chdir $dir;
	my ($ok, $said) = command($^X, "$top/tools/limit", 60, 200_000, 'env', '-i',
		"PATH=$ENV{PATH}", 'SEED=1', fixed(), @run);
	my $status = $? >> 8;
	chdir $top;
	return ('', "$command " . ($said =~ /^not ok - (.*), and was/m)[0])
		if $status == 124;
	$said =~ s/^qemu: uncaught target signal.*\n//m;
	$said .= "\n" if $said ne '' && $said !~ /\n\z/;
	return ($head . $said . ($status ? death($status) . "\n" : ''), undef);
}

# The command that switches off the random placing of stacks, where allowed.
sub fixed {
	our @fixed;
	@fixed = ((command('setarch', '-R', 'true'))[0] ? ('setarch', '-R') : ())
		if !@fixed;
	return @fixed;
}

# Lines with what may change from run to run named by order: addresses, the
# seed of random numbers, the emulator of the command, times of make.
sub masked {
	my %name;
	my $make = @_ > 1 && $_[1] =~ /^\$ make /;
	return map {
		s/^\$ qemu-\S+ /\$ /r
			=~ s/SEED=0x[0-9a-f]+/SEED/gr
			=~ s/0x[0-9a-f]{5,}/$name{$&} \/\/= 'address ' . keys %name/gier
			=~ s/\b\d+\.\d\b/$make ? 'N' : $&/ger;
	} @_;
}
1;
