#!/bin/sh
# make chapterN and make broken-BUG, killed at any stage: the next run mends it.
. tools/test/lib.sh

book good
native=$(uname -m | sed 's/x86_64/amd64/')
passes="^$native +yes +([0-9]+) of \\1 "

# Kills a command with all its processes after some seconds.
kills() {
	after=$1
	shift
	setsid "$@" >/dev/null 2>&1 &
	sleep "$after"
	kill -9 -$! 2>/dev/null
	wait $! 2>/dev/null
}
# A program without what tells where and when it was linked.
bare() {
	strip -s -R .note.gnu.build-id -o "$2" "$1/out/$native/test/twice.t"
}
make -s chapter1 TARGET="$native" >said
bare code/chapter1 good
make -s broken-thrice TARGET="$native" >said
bare code/broken/thrice broken
bad=''
for after in 0.1 0.4 0.8 1.5; do
	rm -rf build code
	kills $after make chapter1 TARGET="$native"
	sed -i 's/return n;/return n + 0;/' chapters/01-good.nw
	kills $after make chapter1 TARGET="$native"
	make -s chapter1 TARGET="$native" >said 2>&1
	grep -qE "$passes" said && ! grep -q 'you have changed' said &&
		bare code/chapter1 now && cmp -s good now || bad="$bad $after"
	kills $after make broken-thrice TARGET="$native"
	make -s broken-thrice TARGET="$native" >said 2>&1 &&
		! grep -q 'you have changed' said &&
		bare code/broken/thrice now && cmp -s broken now ||
		bad="$bad broken:$after"
	book good
done
check "mended after each:$bad" [ -z "$bad" ]
