#!/bin/sh
# make book on a small book: signs in names, mistakes, and runs that are killed.
. tools/test/lib.sh

if ! command -v lualatex >/dev/null; then
	echo 'ok - make book # SKIP TeX is not installed'
	exit
fi
repository=$(cd "$(readlink tools)/.." && pwd)
book good
cp "$BOOKS/spine.nw" book.nw
cp "$repository/book.sty" .
mkdir figures transcripts
cp "$repository/figures/style.tex" figures
printf '# chapter1 amd64\n$ six\ntwice three is 6\n' >transcripts/six.txt
# A name with every sign that TeX takes for itself.
sed -i 's/compute it/compute ^ it_ #1 \\ with %d \& ~ {} $ [[a^b_c]]/
	1s/.*/\\chapter{Good}\n&/' chapters/01-good.nw
edit() { echo "And more." >>chapters/01-good.nw; }

says 'a small book' 0 '^book: book.pdf has [0-9]+ pages' make book
cp book.pdf first.pdf
check 'a second time there is nothing to do' sh -c \
	'make book >again; ! grep "^book" again'
rm -rf build book.pdf
mkdir elsewhere
ln -s elsewhere build
says 'from nothing again, in a folder that is a link' 0 '^book: book.pdf has' \
	make -B book
check 'it is the same, byte for byte' cmp book.pdf first.pdf

# As if the power had failed: all files are there, none is whole.
cut() {
	find build/ -type f ! -name book.tex -size +8c -exec truncate -s -8 {} +
}
cut
rm build/book-state
edit
says 'after a stop that left everything half-written' 0 '^book: book.pdf has' \
	make book

# TeX is killed, as when memory is short.
lualatex=$(command -v lualatex)
mkdir bin
printf '#!/bin/sh\nexec timeout -s KILL 0.5 %s "$@"\n' "$lualatex" >bin/lualatex
chmod +x bin/lualatex
edit
says 'when TeX is killed, that is said' fail '^TeX was stopped' \
	env PATH="$PWD/bin:$PATH" make book
check 'in few lines' [ "$(grep -vc '^book: \|^make' said)" -le 2 ]
cut
says 'and the next make book works' 0 '^book: book.pdf has' make book

# make is killed, and what it has started goes on, or does not.
edit
timeout -s KILL 1.5 make book >said 2>&1
says 'when make is killed, the next make book works' 0 '^book: book.pdf has' \
	make book

sed -i 's/^And more\./\\usemore/' chapters/01-good.nw
says 'a mistake in TeX has its place' fail \
	'^chapters/01-good.nw:[0-9]+: TeX stops: Undefined control' make book
sed -i 's/^\\usemore/And more./' chapters/01-good.nw
says 'and mended, the book is made' 0 '^book: book.pdf has' make book
sed -i 's/^.usepackage{book}/&\\usepackage{nosuch}/' book.nw
says 'a package that is not installed' fail \
	"TeX stops: .*nosuch.sty' not found. Is it installed. Run make deps" \
	make book
