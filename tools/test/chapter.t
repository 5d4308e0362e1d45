#!/bin/sh
# make chapterN: what it is asked, and how it judges tests.
. tools/test/lib.sh

book good
says 'an unknown chapter' fail '^there is no chapter 99; the chapters are 1$' \
	make chapter99
says 'an unknown machine' fail '^there is no machine vax; there are: ' \
	make chapter1 TARGET=vax
says 'an unknown native machine' fail '^there is no machine pdp11; NATIVE' \
	make chapter1 NATIVE=pdp11
native=$(uname -m | sed 's/x86_64/amd64/')
says 'a chapter on one machine' 0 "^$native +yes +([0-9]+) of \\1 .* native$" \
	make chapter1 TARGET="$native"
says 'the same, emulated' 0 "^$native +yes +([0-9]+) of \\1 .* qemu-" \
	make chapter1 TARGET="$native" NATIVE=none
cp tools/test/machines/vax.mk qemu
says 'a machine that is not there is no success' fail \
	'^vax +no +- +- +not available: apt-get install gcc-vax.* qemu-user$' \
	make chapter1 TARGET="$native,vax"
rm qemu/vax.mk

says 'an unknown bug' fail '^there is no bug moth; the bugs are ' \
	make broken-moth

sed -i 's/return n;/return m;/' chapters/01-good.nw
says 'an error in C names the line of the book' fail \
	'^chapters/01-good.nw:20:8: error' make chapter1 TARGET="$native"
rm -rf code build

book misbehaving
export TEST_SECONDS=3
says 'tests that misbehave' fail "^$native +yes +[0-9]+ of [0-9]+ " \
	make chapter1 TARGET="$native"
for pattern in 'not end within 3 seconds' 'wrote too much' 'ran no test' \
	'before its plan' 'Illegal instruction|Trace'; do
	check "said of one of them: $pattern" grep -qE "$pattern" said
done
check 'little is said' [ "$(wc -l <said)" -lt 60 ]
