#!/bin/sh
# The reader's copy of an exercise: what is built from it, what is said of it.
. tools/test/lib.sh

book good
exercise=exercises/1.1-twice
cp -r tools/test/$exercise exercises
copy=work/exercise-1.1
native=$(uname -m | sed 's/x86_64/amd64/')
others=$(ls qemu | sed -n "s/\\.mk//; /^$native\$/!p" | paste -sd ,)
out=$copy/out/exercise/$native
solve() { sed -i 's/return n;/return n + n + n;/' $copy/thrice.c; }
spoil() { sed -i 's/return n + n + n;/return n;/' $copy/thrice.c; }
# For make: what is said of the whole program and test, on the native machine.
try() { make -s exercise-1.1 "$@"; }

try >other &
try >said
wait
check 'two at once' sh -c 'grep -q "^    not ok 1" other && grep -q "^    not ok 1" said'
solve
says 'solved on one machine' 0 \
	"^Solved on $native\\.  Still to do: $(echo "$others" | sed 's/,/, /')" try
check 'and what to do next' grep -q 'TARGET=all$' said
says 'on the others' 0 '^Solved on all machines\.$' try TARGET="$others"
says 'which is remembered' 0 '^Solved on all machines\.$' try
echo '// Thrice.' >>$copy/thrice.c
says 'until the program changes' 0 '^Solved on .* Still to do: .*,' try
echo '// The machine.' >>"$copy/$(echo "$others" | sed 's/.*,//')/machine.h"
says 'files of other machines do not count' 0 \
	"^Solved on $native\\." try
try TARGET=all >said
echo '// Harder.' >>$exercise/test.c
says 'until the test changes' 0 '^Solved on .* Still to do: .*,' try
spoil
says 'a failure is no solution' 1 '^Edit the program' try
check 'make says nothing more' sh -c '! grep -q "make:" said'

# Dates prove nothing.
solve
try >said
touch -d '2 hours' "$out/obj/thrice.c.o" "$out/libruntime.a" "$out/test/test.t"
spoil
says 'objects from the future' 1 '^    not ok 1' try
cp -p $copy/thrice.c old
solve
try >said
cp -p old $copy/thrice.c
touch -d '2 hours ago' $copy/thrice.c
says 'a file with its old date' 1 '^    not ok 1' try
solve
try >said
: >"$out/test/test.t"
says 'half a program' 0 '^Solved' try
before=$(cksum <"$out/test/test.t")
says 'other flags' 0 '^Solved' env EXTRA_CFLAGS=-O0 make -s exercise-1.1
check 'make another program' [ "$before" != "$(cksum <"$out/test/test.t")" ]
try >said
check 'and the first again' [ "$before" = "$(cksum <"$out/test/test.t")" ]

# The book moves on.
echo 'my notes' >$copy/notes
echo "; it is hard" >>$copy/STATEMENT.txt
sed -i 's/return n;/return n + 0;/' chapters/01-good.nw
before=$(contents $copy)
says 'a book that has changed' 0 '^The book has changed .*: twice.c\. It is' try
check "the reader's edits stay" [ "$before" = "$(contents $copy)" ]
check 'are named' grep -q '^You have changed .* notes .*thrice.c' said
grep '^    ' said >carry
check 'can be carried over' sh -x carry
check 'the new file is there' grep -q 'n + 0' $copy/twice.c
check 'with the edits' grep -q 'n + n + n' $copy/thrice.c
check 'and the notes' grep -q my $copy/notes
says 'and it is still solved' 0 '^Solved' try
check 'nothing more is said' sh -c '! grep -q "has changed" said'
sed -i 's/small book/little book/' chapters/01-good.nw
says 'other words in the book are no matter' 0 '^Solved' try
check 'and not mentioned' sh -c '! grep -q "has changed" said'
sed -i 's/Write it/Write it well/' $exercise/statement.tex
try >said
check 'a new statement' grep -q '^Write it well' $copy/STATEMENT.txt
rm -rf code build
before=$(contents $copy)
try >said
check 'all is made again, and the copy stays' \
	[ "$before" = "$(contents $copy)" ]
