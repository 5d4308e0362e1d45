#!/bin/sh
# A disk that is full while a tree is tangled.  Needs the right to mount.
. tools/test/lib.sh

book good
mkdir -p build
tools/tangle 1 tree
before=$(contents tree)
# shellcheck disable=SC2016 # for the inner shell
if ! unshare -m sh -c 'mount -t tmpfs -o size=64k none build' 2>/dev/null; then
	echo 'ok - a full disk # SKIP no right to mount'
	exit
fi
sed -i 's/n + n/n + n + 0/' chapters/01-good.nw
failures=0 same=yes
for size in 4 16 40 60 80 100 120 140; do
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount -t tmpfs -o size='$size'k none build &&
		tools/tangle 1 tree' >"said.$size" 2>&1 && rm "said.$size" &&
		break
	failures=$((failures + 1))
	[ "$before" = "$(contents tree)" ] || same=no
done
check "a full disk leaves the tree alone ($failures sizes tried)" \
	[ $same = yes ]
check 'it was full' [ $failures -ge 3 ]
check 'and is said in one or two lines' sh -c \
	"! wc -l said.[0-9]* | grep -vE '^ *([12] said|[0-9]+ total)'"
tools/tangle 1 tree
check 'with room it works again' [ "$before" != "$(contents tree)" ]
