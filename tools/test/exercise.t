#!/bin/sh
# Exercises: the reader's copy, the hints, the proof.
. tools/test/lib.sh

book good
exercise=exercises/1.1-twice
cp -r tools/test/$exercise exercises
copy=work/exercise-1.1

# refuses WHAT PATTERN COMMAND...: it ends with status 1, and says little.
refuses() {
	what=$1
	pattern=$2
	shift 2
	says "$what" 1 "$pattern" "$@"
	check "$what: it says little" [ "$(wc -l <said)" -le 2 ]
	check "$what: in short lines" sh -c '! grep -E ".{79}" said'
}
refuses 'no exercise' '^which exercise\?  make exercise-N.M' make exercise
refuses 'an unknown exercise' '^there is no exercise 9.9; there are: 1.1$' \
	make exercise-9.9
refuses 'no number' '^there is no exercise 1;' make exercise-1
refuses 'an unknown machine' '^there is no machine vax; there are: ' \
	make exercise-1.1 TARGET=vax
refuses 'no hint' '^which exercise\?  make hint-N.M' make hint
refuses 'a hint for nothing' '^there is no exercise 9.9' make hint-9.9
refuses 'a hint that is not there' '^there is no hint 9 .*1 to 3$' \
	make hint-1.1 HINT=9
refuses 'a hint that is no number' '^there is no hint x' make hint-1.1 HINT=x
check 'nothing was made' [ ! -e work/exercise-1.1 ]
mkdir exercise-1.1
says 'as shipped it fails' 1 '^    not ok 1 - three times three is nine' \
	make exercise-1.1
check 'its title is said' grep -q '^Exercise 1.1: Make thrice work' said
check 'and where to edit' grep -q "^Edit the program in $copy" said
check 'make itself says nothing' sh -c '! grep -q "make:" said'
check 'the statement is text' grep -q '^Write it.$' $copy/STATEMENT.txt
sed -i 's/return n;/return n + n + n;/' $copy/thrice.c
echo mine >$copy/notes
says 'mended, it passes' 0 '^Solved' make exercise-1.1
sed -i '1i#include "runtime.h"
s/return n + n/rprintf("ok 7");&/' $copy/thrice.c
says 'with a line for debugging too' 0 '^Solved' make exercise-1.1
sed -i 's/rprintf("ok 7")/throw("no, thrice")/' $copy/thrice.c
says 'if it dies, its last words are told' 1 '^    throw: no, thrice' \
	make exercise-1.1
check 'and how to run it' grep -q "^    .*$copy/out/.*/test.t$" said
sed -i 's/throw("no, thrice");//' $copy/thrice.c
says 'mended again' 0 '^Solved' make exercise-1.1
sed -i 's/return n + n/imt/' $copy/thrice.c
says 'what the compiler says' 1 '^thrice.c:.* error' make exercise-1.1
check 'and not what make says' sh -c '! grep -q "make:" said'
sed -i 's/imt/return n + n/' $copy/thrice.c
make -s exercise-1.1 >said
before=$(contents $copy)
sed -i 's/return n;/return n + 0;/' chapters/01-good.nw
says 'a book that has changed' 0 '^The book has changed' make exercise-1.1
rm -rf code build
make -s exercise-1.1 >said
check "the reader's edits stay" [ "$before" = "$(contents $copy)" ]
rm -rf $copy
sed -i 's/^+int/+imt/' $exercise/start.patch
sed -i 's/^ int twice/ imt twice/' $exercise/start.patch
says 'a start that does not apply' fail 'start.patch does not apply' \
	make exercise-1.1
check 'leaves no copy behind' [ ! -e $copy ]
cp tools/test/$exercise/start.patch $exercise

says 'the first hint' 0 '^Think of `twice`\.' make hint-1.1
says 'the next hint' 0 '^Look at `thrice`\.' make hint-1.1
says 'one hint by its number' 0 '^3n' make hint-1.1 HINT=3
says 'no more hints' fail '^there are no more hints' make hint-1.1

says 'the proof' 0 '^1\.\.10$' tools/exercise --prove
says 'the proof on all machines' 0 '^1\.\.16$' tools/prove --on all
says 'the ways to fail' 0 '^1\.\.17$' tools/prove --record
says 'noted' 0 '^wrong-2 [0-9a-f]{16} 386 amd64 arm$' cat $exercise/fails
says 'a second proof at the same time' fail '^another tools/prove is' \
	flock build/prove/lock tools/prove 1.1
says 'a mistake that is not known' 1 '^    not ok 1' make exercise-1.1
check 'is not named' sh -c '! grep -q "mistake" said'
sed -i 's/return n;/return n + n + n + 1;/' $copy/thrice.c
says 'one that is known' 1 '^    it is off by one$' make exercise-1.1
cp $exercise/wrong-2.patch other
cp $exercise/wrong-2.patch $exercise/wrong-3.patch
says 'another way to fail is named' 0 \
	'^# exercise 1.1: not as .*/fails says: wrong-3 386 wrong-3 amd64' \
	tools/prove --on all
says 'on one machine' 0 '^# exercise 1.1: .* says: wrong-3 arm;' \
	tools/prove --on arm
cp other $exercise/wrong-4.patch
says 'one that is not noted' fail '^# not so: wrong-4$' tools/prove
rm $exercise/wrong-4.patch
tools/prove --record >said
says 'one that two fail with' 1 '^    not ok 1' make exercise-1.1
check 'is not named either' sh -c '! grep -q "mistake" said'
rm $exercise/wrong-3.patch
says 'one that is gone' fail '^# not so: wrong-3$' tools/prove
cp other $exercise/wrong-3.patch
cp $exercise/solution.patch $exercise/wrong-2.patch
says 'a wrong solution that is right' fail \
	'^not ok .* wrong-2.patch is refused' tools/prove
rm $exercise/solution.patch
says 'no solution' fail '^# missing or empty: solution.patch' tools/prove 1.1

cp tools/test/$exercise/solution.patch $exercise
printf '%s\n' '\mainmatter' '\chapterfile{chapters/01-good.nw}' >book.nw
printf '%s & %s & %s \\\\\n' 00 easy '1 to 10 minutes' 10 hard \
	'10 to 20 minutes' >>book.nw
faults() { perl -Itools -we 'use Exercise; print map { "$_\n" }
	map { faults($_) } exercises(); print "end\n"'; }
says 'nothing wrong with a statement' 0 '^end$' faults
check 'nothing at all' [ "$(wc -l <said)" = 1 ]
sed -i 's/{05}{5}/{05}{15}/; s/Write it/\\frobnicate/' $exercise/statement.tex
sed -i 's/is nine"/is nine: see \\"Nine\\""/' $exercise/test.c
says 'a rating' 0 'says that .05. takes 1 to 10 minutes$' faults
check 'a macro' grep -q 'statement.tex: .frobnicate is not known' said
check 'a section' grep -q 'test.c: there is no section: see "Nine"' said
