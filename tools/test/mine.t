#!/bin/sh
# What a reader changes in code/ stays, is named, built and tested, and is no
# matter to the book.
. tools/test/lib.sh

book good
cp -r tools/test/exercises/1.1-twice exercises
native=$(uname -m | sed 's/x86_64/amd64/')
tree=code/chapter1
try() { make -s chapter1 TARGET="$native"; }
passes="^$native +yes +([0-9]+) of \\1 "

says 'a tree as the book makes it' 0 "$passes" try
check 'nothing is said of changes' sh -c '! grep -q "you have" said'
original=$(cat $tree/twice.c)
sed -i 's/n = n + n/n += n/' $tree/twice.c
before=$(cksum <$tree/twice.c)
says 'a change' 0 "^$tree: you have changed twice.c: built and tested" try
check 'is kept' [ "$before" = "$(cksum <$tree/twice.c)" ]
check 'and it is said how to get rid of it' \
	grep -q '^To have the book.s again, remove the file' said
sed -i 's/n += n/n += n + 1/' $tree/twice.c
says 'a mistake' 1 'not ok 1 - twice three is six' try
says 'does not disturb the recording of the book' 0 \
	'^transcripts/six.txt: recorded' make record
check 'which is right' grep -q 'is 6$' transcripts/six.txt
says 'nor an exercise' 1 '^amd64: 2 of 3|: 1 of 2|Edit the program' \
	make exercise-1.1
check 'whose copy is from the book' \
	[ "$original" = "$(cat work/exercise-1.1/twice.c)" ]
sed -i 's/n += n + 1/n += m/' $tree/twice.c
says 'an error has the place in that file' 1 "^$tree/twice.c:6:.* error" try
sed -i 's/n += m/n += n/' $tree/twice.c
cat >$tree/test/mine.c <<'end'
#include "tap.h"
#include "mine.h"

int
main(void)
{
	ok(MINE, "my own test");
	return done();
}
end
echo '#define MINE 0' >$tree/test/mine.h
echo 'my notes' >$tree/notes
says 'files of the reader' 1 'changed twice.c and added test/mine.c test/mine.h' \
	try
check 'are tested' grep -q 'not ok 1 - my own test' said
echo '#define MINE 1' >$tree/test/mine.h
says 'as they are now' 0 "$passes" try
rm -rf build
says 'without build they stay, too' 0 'changed twice.c and added test/' try
check 'as they are' [ "$before" = "$(cksum <$tree/twice.c)" ]

# The book moves on.
sed -i 's/twice(3) == 6/6 == twice(3)/' chapters/01-good.nw
says 'the book changes another file' 0 "$passes" try
check 'which changes here' grep -q '6 == twice' $tree/test/twice.c
check 'this one does not' [ "$before" = "$(cksum <$tree/twice.c)" ]
sed -i 's/n = n + n/n = 2 * n/' chapters/01-good.nw
says 'the book changes the same file' 0 \
	'^The book has changed twice.c since' try
check 'it stays' [ "$before" = "$(cksum <$tree/twice.c)" ]
rm $tree/twice.c
says 'when it is removed' 0 "$passes" try
check "it is the book's again" grep -q '2 \* n' $tree/twice.c

rm -r code/.tangled
sed -i 's/2 \* n/n * 2/' chapters/01-good.nw
says 'a tree without a list of what is in it' 0 "$passes" try
check 'is moved' grep -q "^$tree .* is now $tree.old: remove that if" said
check 'with all that is in it' [ -e $tree.old/test/mine.c ]
rm -r $tree
mv $tree.old $tree
sed -i 's/n \* 2/2 * n/' chapters/01-good.nw
try >said

# Other trees.
says 'a tree with a bug' 0 '^code/broken/thrice is built' make broken-thrice
echo '// mine' >>code/broken/thrice/twice.c
says 'is no other' 0 '^code/broken/thrice: you have changed twice.c' \
	make broken-thrice
rm code/broken/thrice/twice.c
make -s broken-thrice >said
says 'make clean keeps what is not its own' 0 \
	"^$tree stays, because .* notes test/mine.c" make clean
check 'as it is' [ -e $tree/test/mine.c ]
check 'and no product' [ ! -e $tree/out ]
check 'and no other tree' [ ! -e code/broken ]
rm $tree/test/mine.? $tree/notes
check 'and then that tree' sh -c "make -s clean && [ ! -e $tree ]"
check 'all of it' [ ! -e code/.tangled ]
