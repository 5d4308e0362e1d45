#!/bin/sh
# Commands: their names, what is in their way, and two at once.
. tools/test/lib.sh

book good
cp -r tools/test/exercises/1.1-twice exercises
native=$(uname -m | sed 's/x86_64/amd64/')
passes="^$native +yes +([0-9]+) of \\1 "
# shellcheck disable=SC2120 # called with and without arguments
try() { make -s chapter1 TARGET="$native" "$@"; }

# What is asked for in a wrong way.
says 'no chapter' fail '^which chapter\?  make chapterN, .* one of 1$' \
	make chapter
says 'a chapter of letters' fail '^there is no chapter x; ' make chapterx
says 'no bug' fail '^which bug\?  .* one of thrice$' make broken
says 'no exercise' fail '^which exercise\?' make exercise
says 'an unknown exercise' fail '^there is no exercise 9.9' make exercise-9.9
says 'an unknown command' fail '^there is no command boook; make help' \
	make boook
says 'a bug of no kind' fail '^there is no bug ; ' tools/broken ''
check 'all in few words' [ "$(make chapter 2>&1 | wc -l)" -le 2 ]

# Files and folders with the names of commands.
mkdir chapter1 exercise-1.1 hint-1.1 broken-thrice check clean FORCE
says 'a folder chapter1' 0 "$passes" try
says 'a folder exercise-1.1' fail '^Edit the program' make exercise-1.1
says 'a folder hint-1.1' 0 '^Hint 1' make hint-1.1
says 'a folder broken-thrice' 0 'is built for' make broken-thrice
check 'a folder clean' make -s clean
check 'is no reason not to clean' [ ! -e code/chapter1 ]
rmdir chapter1 exercise-1.1 hint-1.1 broken-thrice check clean FORCE

# The folders for products are elsewhere, or cannot be.
mkdir -p "a place/build" "a place/work"
rm -rf build work
ln -s "$PWD/a place/build" build
ln -s "$PWD/a place/work" work
says 'build as a link' 0 "$passes" try
says 'work as a link' fail '^amd64: .* What fails' \
	make exercise-1.1 TARGET=amd64
check 'where it leads' [ -e "a place/work/exercise-1.1/twice.c" ]
says 'code as a link' 0 "$passes" sh -c "mv code 'a place' &&
	ln -s 'a place/code' code && make -s chapter1 TARGET=$native"
check 'and made clean' make -s clean
check 'the links stay' [ -h build ]
rm build work code
mkdir -p build code
echo >build/book
says 'a file where a folder should be' fail 'build/book' try
check 'in few words' [ "$(grep -vc tangling said)" -le 2 ]
rm build/book
sed -i 's/<<compute it>>$/<<compute that>>/' chapters/01-good.nw
says 'a mistake in the book' fail '^chapters/01-good.nw:.*<<compute that>>' try
book good

# The whole in a folder with a blank in its name.
mkdir 'two words'
cp -r Makefile qemu chapters exercises 'two words'
ln -s "$(readlink tools)" 'two words/tools'
says 'a folder with a blank in its name' 0 "$passes" \
	sh -c "cd 'two words' && make -s chapter1 TARGET=$native"

# Two at once.
rm -rf code build
for i in 1 2 3 4; do
	{ try >"said.$i" 2>&1; echo $? >"status.$i"; } &
done
wait
check 'four at once' [ "$(cat status.? | tr -d '\n')" = 0000 ]
check 'all pass' [ "$(grep -cE "$passes" said.? | grep -c ':1$')" = 4 ]
check 'three have waited, and said so' [ "$(grep -c \
	'^waiting for another make of chapter1 here .process' said.? |
	grep -c ':1$')" = 3 ]
says 'make clean meanwhile' fail '^another make is at work here' \
	flock build/lock-chapter1 make clean
