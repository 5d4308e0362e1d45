#!/bin/sh
# LaTeX as plain text, and where sections are.
. tools/test/lib.sh

# plain FILE: its text, and lines "unknown: ..." for what is not known.
plain() {
	perl -Itools -w -e 'use Book; use Plain;
		my ($text, @unknown) = untex(slurp($ARGV[0]));
		print "$text\n", map { "unknown: $_\n" } @unknown' "$1"
}
# same WHAT: the files plain and want are the same.
same() { check "$1" diff want plain; }

cat >tex <<'END'
\begin{exercise}{2.1}{The \emph{first} [{n}]}{10}{20}
One \code{take(G~*gp, \&buf[0])}, \emph{two} and $-1$: 50\,\% % not this
of \code{\{ 0 \}}, ``three'' --- chapter~4.
Write
\begin{quote}\raggedright
\code{int take(G *gp, uintptr *buf, int n, uintptr (*function)(uintptr), int last);}\\
\code{void \#\_(void);}
\end{quote}
\noindent which is

\code{one line;}\\
\indent\code{\ \ another;}

\noindent long enough for more than a line: \code{a b c d e f g h i j k} \code{l m n o p q}.
\begin{itemize}
\item The first item is a long one, so that it needs another line than the first one.
\item The second.
\end{itemize}
\begin{enumerate}
\item One.
\item Two.
\end{enumerate}
\end{exercise}
END
sed -i 's/50\\,/50/' tex
cat >want <<'END'
One `take(G *gp, &buf[0])`, *two* and -1: 50% of `{ 0 }`, "three" - chapter 4.
Write

    int take(G *gp, uintptr *buf, int n, uintptr (*function)(uintptr), int
        last);
    void #_(void);

which is

    one line;
      another;

long enough for more than a line: `a b c d e f g h i j k` `l m n o p q`.

* The first item is a long one, so that it needs another line than the first
  one.

* The second.

1. One.

2. Two.
END
plain tex >plain 2>&1
same 'a statement as text'
printf 'A \\code{x} \\frobnicate{y}, {z} and \\ref{sec:none} caf\303\251.\n' >tex
says 'a macro that is not known' 0 '^unknown: .frobnicate' plain tex
check 'the text is all there' grep -q '^A `x` .*y.* z .*\.$' said
check 'a label that is not known' grep -q '^unknown: .ref.sec:none' said
check 'a letter that not all terminals have' grep -q '^unknown: .*ASCII' said

# Where sections are.
cat >book.nw <<'END'
\chapter{Preface}
\section{Before}
\mainmatter
\chapterfile{chapters/01-a.nw}
\appendix
\chapter{Tables}
\section{All}
\backmatter
END
cat >chapters/01-a.nw <<'END'
\chapter{Beginning}
\section{Park and ready}
\subsection{On [[g0]]'s stack}
\section{The second}
\label{sec:second}
END
where() {
	perl -Itools -w -e 'use Plain; print fold(pointers(1, $ARGV[0])), "\n"' \
		"$1"
}
says 'a section' 0 '^See "The second" \(section 1.2\)\.$' \
	where 'See "The second".'
says 'a section of a chapter' 0 '"Park and ready" \(section 1.1\) and more' \
	where 'see chapter 1, "Park and ready" and more'
says 'a part of a section' 0 '"On g0.s stack" \(section 1.1\)$' \
	where "\"On g0's stack\""
says 'other words in quotes' 0 '^"the second"$' where '"the second"'
says 'an appendix' 0 '^appendix A, "All" .section A.1.$' where 'appendix A, "All"'
mkdir build
touch book.pdf
cat >build/book.toc <<'END'
\contentsline {chapter}{\chapternumberline {1}Beginning}{3}{chapter.1}%
\contentsline {section}{\numberline {1.1}Park and ready}{5}{section.1.1}%
\contentsline {subsection}{On \nwq {\nwident {184}{g0}}'s stack}{7}{section*.10}%
\contentsline {section}{\numberline {1.3}The second}{9}{section.1.3}%
END
says 'its page, when there is a book' 0 'section 1.1, page 5\) and' \
	where 'see chapter 1, "Park and ready" and more'
says 'that of a part' 0 'stack" \(section 1.1, page 7\)$' \
	where "\"On g0's stack\""
says 'but not of a book that has other sections' 0 '\(section 1.2\)' \
	where 'See "The second".'
printf '%s\n' 'Section~\ref{sec:second}.' >tex
says 'a label' 0 '^Section 1.2\.$' plain tex

cat >test.c <<'END'
#define THERE "chapter 1, \"The second\""
note("see " THERE " and chapter 1, \"The "
	"third\"");
note("see \"Park and ready\"");
note("See \"Parking\"");
END
lost() {
	perl -Itools -w -e 'use Book; use Plain;
		print map { "lost: $_\n" } lost(1, slurp("test.c"))'
}
says 'pointers that lead nowhere' 0 '^lost: See "Parking"' lost
check 'two of them' [ "$(grep -c lost said)" = 2 ]
