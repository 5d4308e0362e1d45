# The book's LaTeX as plain text of 78 columns, and where its sections are.
package Plain;
use strict;
use warnings;
use Exporter 'import';
use Book;
our @EXPORT = qw(untex fold pointers sections page lost);

our $width = 78;
my $blank = "\x01";	# a blank at which no line ends
my $break = "\x02";	# a place where a line must end

# What has no counterpart in plain text: it goes without a word.
my %drop = map { $_ => 1 } qw(noindent indent raggedright);
# The text of the argument is set off by these.
my %mark = map { $_ => '*' } qw(emph term textit textbf);
my $marked = join '|', sort keys %mark;
my %bullet = (itemize => sub { '* ' }, enumerate => sub { "$_[0]. " });
my $braces = qr/(\{(?:[^{}\\]|\\.|(?1))*\})/s;

# The text of a statement or a hint of chapter N, and in a list what of its LaTeX
# is not known here; only the text in a scalar.
sub untex {
	my ($tex, $chapter) = @_;
	my (@unknown, @out);
	for ($tex) {
		s/(?<!\\)%.*\n//g;
		s/\\begin\{exercise\}(\{[^{}]*\}|$braces){4}//;
		s/\\end\{exercise\}//;
		s/\s*\\(begin|end)\{quote\}\s*(\\raggedright\s*)?/\n\n/g;
		s/\s*\\(begin|end)\{(itemize|enumerate)\}\s*/\n\n\\$1\{$2\}\n\n/g;
		s/\s*\\item\b/\n\n\\item/g;
	}
	my ($list, $n);
	for my $block (grep { /\S/ } split /\n\s*\n/, $tex) {
		$block =~ s/\A\s+|\s+\z//g;
		if ($block =~ /^\\(begin|end)\{(\w+)\}$/ && $bullet{$2}) {
			($list, $n) = ($1 eq 'begin' ? $2 : undef, 0);
			next;
		}
		my $first = '';
		if ($list && $block =~ s/^\\item\s*//) {
			$first = $bullet{$list}->(++$n);
		}
		my $indent = ' ' x length $first;
		my $code = display($block);
		push @out, defined $code ? $code =~ s/^/$indent    /gmr
			: fold($first . pointers($chapter,
				inline($block, \@unknown)), $indent);
	}
	my $text = join "\n\n", @out;
	push @unknown, 'a character that is not ASCII' if $text =~ /[^\n -~]/;
	return wantarray ? ($text, @unknown) : $text;
}

# A block of nothing but lines of code, as it is; undef for any other.
sub display {
	my ($block) = @_;
	local $width = $width - 4;
	my @lines;
	for (split /\\\\/, $block) {
		s/\\(noindent|indent)\b//g;
		return undef if !/\A\s*\\code$braces\s*\z/;
		push @lines, fold(code(substr $1, 1, -1), '    ');
	}
	return join "\n", @lines;
}

# The inside of \code: letter by letter, and no line ends in it.
sub code {
	my ($text) = @_;
	for ($text) {
		s/\s*\n\s*/ /g;
		s/\\([ #&_%\$\{\}])/$1/g;
		s/[ ~]/$blank/g;
	}
	return $text;
}

# The text of a paragraph.
sub inline {
	my ($text, $unknown) = @_;
	my $out = '';
	for ($text) {
		while (!/\G\z/gc) {
			if (/\G\\(code|file)$braces/gc) {
				$out .= '`' . code(substr $2, 1, -1) . '`';
			} elsif (/\G\[\[(.*?)\]\]/gcs) {
				$out .= '`' . code($1) . '`';
			} elsif (/\G\\($marked)$braces/gc) {
				$out .= $mark{$1} . inline(substr($2, 1, -1),
					$unknown) . $mark{$1};
			} elsif (/\G\\ref\{([^{}]*)\}/gc) {
				my $where = label($1);
				push @$unknown, "\\ref{$1}" if !defined $where;
				$out .= $where // '?';
			} elsif (/\G\\(\\|[a-zA-Z]+)\s*/gc) {
				push @$unknown, "\\$1"
					if $1 ne '\\' && !$drop{$1};
				$out .= $1 eq '\\' ? $break : '';
			} elsif (/\G\\([ #&_%\$\{\}])/gc) {
				$out .= $1 eq ' ' ? $blank : $1;
			} elsif (/\G\$([-+=<>., \w]*)\$/gc) {
				$out .= $1 =~ s/ /$blank/gr;
			} elsif (/\G(``|'')/gc) {
				$out .= '"';
			} elsif (/\G---?/gc) {
				$out .= '-';
			} elsif (/\G~/gc) {
				$out .= $blank;
			} elsif (/\G([\\\$])/gc) {
				push @$unknown, $1;
			} elsif (!/\G[{}]/gc) {
				/\G(.[^\\\[\$`'{}~-]*)/gcs;
				$out .= $1;
			}
		}
	}
	return $out;
}

# Lines of at most 78 columns from a text; those after the first begin with
# $indent, which the first does if it begins with a blank.
sub fold {
	my ($text, $indent) = @_;
	$indent //= '';
	my @lines;
	for my $part (split /$break/, $text) {
		my $line = @lines ? $indent : ($text =~ /^( *)/)[0];
		my $empty = 1;
		for (map { pieces($_, $width - length $indent) }
				split ' ', $part) {
			if (!$empty && length("$line $_") > $width) {
				push @lines, $line;
				($line, $empty) = ($indent, 1);
			}
			$line .= $empty ? $_ : " $_";
			$empty = 0;
		}
		push @lines, $line;
	}
	return join("\n", @lines) =~ s/$blank/ /gr;
}

# A word, or if it is code that is too long for a line, its words.
sub pieces {
	my ($word, $max) = @_;
	return length $word > $max ? split /$blank/, $word : $word;
}

# All chapters and sections of the book in their order, from its sources, as
# hashes: level (chapter, section, subsection), number ('' if it has none),
# title, chapter, within (the number of the section that it is in), and page
# if this book has been made here.
my @sections;
sub sections {
	return @sections if @sections || !-e 'book.nw';
	my ($number, $n, $section) = ('', 0, 0);
	my $main = 0;
	my @lines = map { /^\\chapterfile\{(.*?)\}/ ? split /^/, slurp($1) : $_ }
		split /^/, slurp('book.nw');
	for (@lines) {
		$main = 1 if /^\\mainmatter/;
		($number, $n) = ('A', 0) if /^\\appendix/;
		last if /^\\backmatter/;
		next if !$main;
		$sections[-1]{labels}{$1} = 1 if @sections && /\\label\{(.*?)\}/;
		my ($level, $title) = /^\\(chapter|section|subsection)\{(.*)\}\s*$/
			or next;
		if ($level eq 'chapter') {
			$section = 0;
			$number = $number =~ /[A-Z]/
				? ($n++ ? ++$number : $number) : ++$number;
		}
		$section++ if $level eq 'section';
		my $within = $section ? "$number.$section" : $number;
		push @sections, { level => $level, chapter => $number,
			title => untex($title) =~ tr/`//dr, within => $within,
			number => $level eq 'subsection' ? '' : $within };
	}
	pages();
	return @sections;
}

# Takes the pages from the list of contents that the last make book has left,
# as far as it agrees with the sources.
sub pages {
	return if !-e 'book.pdf' || !-e 'build/book.toc';
	my @contents;
	for (split /\n/, slurp('build/book.toc')) {
		my ($number, $title, $page) = /^\\contentsline\ \{\w+\}
			\{(?:\\(?:chapter)?numberline\ \{([^{}]*)\})?(.*)\}
			\{(\w+)\}\{[^{}]*\}%?$/x or next;
		push @contents, [$number // '', $page, $title
			=~ s/\\nwq \{\\nwident \{\d+\}\{(.*?)\}\}/$1/gr
			=~ s/(?:\\nobreakspace \{\}|~)/ /gr];
	}
	for my $s (@sections) {
		my ($i) = grep { $contents[$_][0] eq $s->{number}
			&& $contents[$_][2] eq $s->{title} } 0 .. $#contents;
		next if !defined $i;
		$s->{page} = $contents[$i][1];
		splice @contents, 0, $i + 1;
	}
}

# The page of a label, in words; nothing if this book has not been made here.
sub page {
	my ($label) = @_;
	return '' if !-e 'book.pdf' || !-e 'build/book.aux';
	return slurp('build/book.aux')
		=~ /^\\newlabel\{\Q$label\E\}\{$braces\{(\w+)\}/m
		? "page $2" : '';
}

# What a label of a chapter or section stands for; undef if there is none.
sub label {
	my ($label) = @_;
	my ($s) = grep { $_->{labels}{$label} } sections();
	return $s && $s->{within};
}

# A text of chapter N, or of none, in which the title of each section that is quoted gets
# the section's number and page.
sub pointers {
	my ($n, $text) = @_;
	$text =~ s/((?:(?:chapter|appendix) (\d+|[A-Z]), )?)"([^"]+)"/
		$1 . qq("$3") . where($3, $2 || $n || '')/ge;
	return $text;
}

sub where {
	my ($title, $n) = @_;
	$title =~ s/\s+/ /g;
	my ($s) = grep { $_->{title} eq $title && $_->{chapter} eq $n
		&& $_->{level} ne 'chapter' } sections();
	$s or return '';
	return " (section$blank$s->{within}"
		. ($s->{page} ? ", page$blank$s->{page})" : ')');
}

# The pointers in the strings of a C program of chapter N that lead nowhere:
# chapter M, "TITLE", or appendix A, "TITLE", and see "TITLE".
sub lost {
	my ($n, $c) = @_;
	my @bad;
	while ($c =~ /((?:"(?:[^"\\\n]|\\.)*"\s*)+)/g) {
		my $string = join '', $1 =~ /"((?:[^"\\\n]|\\.)*)"/g;
		$string =~ s/\\"/"/g;
		while ($string =~ /(?:(?:chapter|appendix) (\d+|[A-Z]), |[Ss]ee )"([^"]*)("?)/g) {
			push @bad, $& if $2 ne '%s'
				&& (!$3 || !where($2, $1 || $n));
		}
	}
	return @bad;
}
1;
