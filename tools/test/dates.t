#!/bin/sh
# What was built before is used again only if it is what would be built now.
. tools/test/lib.sh

book good
native=$(uname -m | sed 's/x86_64/amd64/')
tree=code/chapter1
test=$tree/out/$native/test/twice.t
passes="^$native +yes +([0-9]+) of \\1 "
# shellcheck disable=SC2120 # called with and without arguments
try() { make -s chapter1 TARGET="$native" "$@"; }
# shellcheck disable=SC2120 # called with and without arguments
inside() { make -s -C $tree "$@" "out/$native/test/twice.t"; }
sum() { cksum <$test; }

try >said
before=$(sum)
says 'other flags' 0 "$passes" try CFLAGS=-O0
check 'make another program' [ "$before" != "$(sum)" ]
says 'and then again the first' 0 "$passes" try
check 'that one' [ "$before" = "$(sum)" ]
touch -d '1 hour' mark
touch -r mark $test $tree/out/"$native"/libruntime.a
cp -p $tree/twice.c old
echo 'int twice(int n) { return n; }' >$tree/twice.c
says 'products from the future' 1 'not ok 1 - twice three' try
touch -d '1 hour ago' old
cp -p old $tree/twice.c
says 'a file with its old date' 0 "$passes" try
echo 'int twice(int n) { return n; }' >$tree/twice.c
inside >said
cp -p old $tree/twice.c
says 'and make in the tree meanwhile' 0 "$passes" try
: >$test
says 'half a program' 0 "$passes" try

# A compiler that is killed, and the make that waits for it.
mkdir bin
cat >bin/gcc <<'end'
#!/bin/sh
/usr/bin/gcc "$@" || exit
case "$*" in *-dumpmachine* | *--version*) exit ;; esac
while [ $# -gt 0 ]; do
	case $1 in -o | -MF) : >"$2" ;; esac
	shift
done
kill -9 $PPID
end
chmod +x bin/gcc
sed -i 's/return n;/return n + 0;/' $tree/twice.c
says 'a compiler that is killed' 137 '' sh -c \
	"PATH=$PWD/bin:$PATH make -s -C $tree; exit \$?"
check 'make in the tree does it again' inside
check 'and it is good' $test
sed -i 's/twice(3) == 6/6 == twice(3)/' $tree/test/twice.c
says 'a linker that is killed' 137 '' sh -c \
	"PATH=$PWD/bin:$PATH make -s -C $tree; exit \$?"
check 'make in the tree links it again' inside
check 'and that is good' $test

# What goes away.
before=$(sum)
check 'other flags in the tree' inside EXTRA_CFLAGS=-O0
check 'make another program there' [ "$before" != "$(sum)" ]
echo 'int old(void) { return 1; }' >$tree/old.c
echo '#include "old.h"' >>$tree/twice.c
echo >$tree/old.h
check 'one file more' inside
rm $tree/old.[ch]
sed -i '/old.h/d' $tree/twice.c
check 'one file fewer' inside
check 'is not in the library' sh -c \
	"! nm $tree/out/$native/libruntime.a | grep -w old"
says 'no such machine' 2 'vax-gcc is there for ""; this program, for 386 ' \
	make -s -C $tree CC=vax-gcc
