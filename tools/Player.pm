# Finds the transcripts and figures of the book, and runs them.
package Player;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(getcwd);
use Book;
our @EXPORT = qw(items play madewith masked claims options);

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

# Runs an item.  Returns what is to be recorded, and an error or undef.  The
# record names the tools, in its second line, or in the first of a figure.
my %machine;
sub play {
	my ($item) = @_;
	%machine = map { $_->{name} => $_ } machines() if !%machine;
	return ('', $item->{error}) if $item->{error};
	my ($text, %with) = ('');
	for (@{ $item->{runs} }) {
		my ($name, $command) = @$_;
		my $m = $machine{$name} or return ('', "there is no machine $name");
		return ('', "$name is not available: apt-get install $m->{missing}")
			if $m->{missing};
		my ($said, $error) = run($item, $m, $command);
		return ('', $error) if $error;
		if ($item->{kind} eq 'figure') {
			$said = join '', grep { /^fig / } split /^/, $said;
			$text .= toolsof($m) if $said ne '' && !$with{$name}++;
		}
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
		$head = "# book\n" . toolsof($m) . "\$ $command\n";
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
		$head = "# $tree->{name} $m->{name}\n" . toolsof($m)
			. "\$ $command\n";
		@run = $shell ? ('sh', '-c', $command) : split ' ', $command;
	}
	chdir $dir;
	my ($ok, $said) = command($^X, "$top/tools/limit", 60, 200_000, 'env', '-i',
		"PATH=$ENV{PATH}", 'SEED=1', $dir eq $top
			? ("BOOK_LOCKS=$ENV{BOOK_LOCKS}", 'BOOK_RECORDS=1') : (),
		fixed(), @run);
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

# The line that names the tools on which it depends what a program of a
# machine prints: they choose the addresses, the frames, and what is left over in
# a stack's words.
my %tools;
sub toolsof {
	my ($m) = @_;
	return $tools{$m->{name}} //= do {
		my @cc = split ' ', $m->{cc};
		my (undef, $name) = command(@cc, '--version');
		my (undef, $gcc) = command(@cc, '-dumpfullversion');
		$name = $name =~ /clang version (\S+)/ ? "clang $1"
			: 'gcc ' . ($gcc =~ /^([\d.]+)$/m ? $1 : 'unknown');
		my (undef, $as) = command(@cc, '-print-prog-name=as');
		chomp $as;
		(undef, $as) = command($as, '--version');
		my (undef, $libc) = command(@cc, qw(-E -dM -include features.h
			-x c /dev/null));
		my @libc = map { $libc =~ /^#define $_ (\d+)$/m ? $1 : '?' }
			qw(__GLIBC__ __GLIBC_MINOR__);
		my $how = 'native';
		if ($m->{run}) {
			my (undef, $qemu) = command((split ' ', $m->{run})[0],
				'--version');
			$how = $qemu =~ /version (\d+\.\d+)/ ? "qemu $1" : $m->{run};
		}
		"# tools $m->{name}: $name, binutils "
			. ($as =~ /^GNU.* (\d+\.\d+)/ ? $1 : 'unknown')
			. ", glibc $libc[0].$libc[1], $how\n";
	};
}

# The lines of a record that name the tools, in one.
sub madewith { return join ', ', grep { /^# tools / } @_ }

# Lines with what may change from run to run named by order: addresses, the
# seed of random numbers, the emulator of the command, times of make.
sub masked {
	my %name;
	my $make = grep { /^\$ make / } @_;
	return map {
		s/^\$ qemu-\S+ /\$ /r
			=~ s/SEED=0x[0-9a-f]+/SEED/gr
			=~ s/0x[0-9a-f]{5,}/$name{$&} \/\/= 'address ' . keys %name/gier
			=~ s/\b\d+\.\d\b/$make ? 'N' : $&/ger;
	} @_;
}

# What a record claims, whatever the tools: all its words, but of a dumped stack
# only its frames and return addresses in their order, and of addresses and of
# operands of disassembled code only that they are there.  The words left over in
# a frame, and how many there are, are the compiler's affair; so is, in a broken
# tree, where a jump to a damaged address ends, and where the blanks are.
sub claims {
	my @lines = grep { !/^# tools / } @_;
	my $broken = @lines && $lines[0] =~ /^# broken/;
	my $disassembly = @lines > 1 && $lines[1] =~ /objdump/;
	my @claims;
	for my $i (0 .. $#lines) {
		my $line = $lines[$i] =~ s/^\$ qemu-\S+ /\$ /r
			=~ s/SEED=0x[0-9a-f]+/SEED/gr
			=~ s/0x[0-9a-f]{5,}/A/gir
			=~ s/\b([A-Za-z_]\w*)\+0x[0-9a-f]+/$1/gr;
		$line =~ s/\b[0-9a-f]{6,}\b/A/g, $line =~ s/\$A\b|\$?0x[0-9a-f]+/N/g
			if $disassembly && $i > 1;
		if ($line =~ /^(?:fig word |  )A +(?:A|0x\S+)(?:  (.*))?$/) {
			next if ($1 // '') !~ /^(return into .*)/;
			$line = $1;
		}
		$line =~ s/\bsignal \d+, address \S+, pc \S+/fault/ if $broken;
		$line =~ s/ //g if $broken && $i > 1;
		push @claims, $line if !@claims || $line ne $claims[-1];
	}
	return @claims;
}
1;
