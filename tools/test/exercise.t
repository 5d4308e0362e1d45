#!/bin/sh
# Exercises: the reader's copy, the hints, the proof.
. tools/test/lib.sh

book good
exercise=exercises/1.1-twice
cp -r tools/test/$exercise exercises
copy=work/exercise-1.1

says 'an unknown exercise' fail '^there is no exercise 9.9; there are: 1.1$' \
	make exercise-9.9
says 'as shipped it fails' fail '^    not ok 1 - three times three is nine' \
	make exercise-1.1
check 'its title is said' grep -q '^Exercise 1.1: Make thrice work' said
check 'and where to edit' grep -q "^Edit the program in $copy" said
sed -i 's/return n;/return n + n + n;/' $copy/thrice.c
echo mine >$copy/notes
says 'mended, it passes' 0 '^Solved' make exercise-1.1
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

says 'the first hint' 0 '^Think of twice\.' make hint-1.1
says 'the next hint' 0 '^Look at thrice\.' make hint-1.1
says 'one hint by its number' 0 '^3n' make hint-1.1 HINT=3
says 'no more hints' fail '^there are no more hints' make hint-1.1

says 'the proof' 0 '^1\.\.16$' tools/exercise --prove
says 'a second proof at the same time' fail '^another tools/prove is' \
	flock build/prove/lock tools/prove 1.1
cp $exercise/solution.patch $exercise/wrong-2.patch
says 'a wrong solution that is right' fail \
	'^not ok .* wrong-2.patch is refused' tools/exercise --prove
rm $exercise/solution.patch
says 'no solution' fail '^# missing or empty: solution.patch' \
	tools/exercise --prove 1.1
