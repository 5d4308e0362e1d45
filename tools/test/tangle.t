#!/bin/sh
# Mistakes in a book, replacements, states and broken versions.
. tools/test/lib.sh

book good
check 'a good book tangles' tools/tangle 1 tree
before=$(contents tree)
mistake() {
	book "$1"
	says "$1 is an error with file and line" 1 "$2" tools/tangle 1 tree
	check "$1 changes nothing" [ "$before" = "$(contents tree)" ]
	rm -f chapters/01-*
	says "$1: a new tree is not begun" 1 "$2" sh -c \
		"cp $BOOKS/$1.nw chapters/01-$1.nw; tools/tangle 1 new/tree"
	check "$1: and nothing is left" [ ! -e new/tree ]
}
mistake undefined '^chapters/01-undefined.nw:5: <<no such chunk>> is used'
mistake unused '^chapters/01-unused.nw:7: <<a spare part>> is never used'
mistake replaces-nothing '^chapters/01-replaces-nothing.nw:3: this repl'
mistake breaks-nothing '^chapters/01-breaks-nothing.nw:7: this breaks <<'
mistake twice-state '^chapters/01-twice-state.nw:8: a state 1.1 is already'
check 'no half-made tree is left' sh -c '! ls -d build/tangle.* 2>/dev/null'

book good replace
says 'an unknown chapter' 2 '^there is no chapter 9; the chapters are 1 2$' \
	tools/tangle 9 tree
says 'an unknown broken version' 1 'no broken version nobug' \
	tools/tangle 1 --broken nobug tree
says 'an unknown state' 1 'no .state.9.9' tools/tangle 1 --state 9.9 tree

check 'chapter 2 tangles' tools/tangle 2 two
body=$(sed -n '/^{/,/^}/p' two/twice.c | tr -d '\n\t')
check 'a replacement, and what continues it' [ "$body" = '{n *= 2;return n;}' ]
tools/tangle 1 tree
body=$(sed -n '/^{/,/^}/p' tree/twice.c | tr -d '\n\t')
check 'chapter 1 has the first version' [ "$body" = '{n = n + n;return n;}' ]
tools/tangle 1 --broken thrice broken
body=$(sed -n '/^{/,/^}/p' broken/twice.c | tr -d '\n\t')
check 'a broken version' [ "$body" = '{return 3 * n;}' ]
check 'is the only difference' [ "$(diff -rq tree broken | wc -l)" = 1 ]
tools/tangle 1 --state 1.1 state
check 'a state has what was before it' cmp tree/twice.c state/twice.c
check 'and nothing that comes after' [ ! -e state/demo ]

tools/tangle 2 --lines lined
line=$(grep -n 'n \*= 2' chapters/02-replace.nw | cut -d: -f1)
check '#line names file and line' sh -c "grep -A1 \
	'^#line $line \"chapters/02-replace.nw\"' lined/twice.c | grep -q '2;'"
check '#line only in C and assembly' sh -c '! grep -q "#line" lined/Makefile'
check 'recipes keep their tabs' grep -q '^	rm -rf' lined/Makefile
check 'the book can be seen from there' [ -e lined/chapters/02-replace.nw ]

touch -d 2001-01-01 two/twice.h two/twice.c
sed -i 's/n \*= 2/n <<= 1/' chapters/02-replace.nw
tools/tangle 2 two
check 'only what differs is written' [ "$(find two -maxdepth 1 -name 'twice.*' \
	-newermt 2002-01-01)" = two/twice.c ]
book replace
sed -i 's/replace: //; s/compute it/other.c/' chapters/01-*.nw
tools/tangle 1 two
check 'what the book has no more is removed' [ ! -e two/twice.c ]
