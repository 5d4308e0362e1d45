#!/bin/sh
# Transcripts and figures: recorded, replayed, and a difference named.
. tools/test/lib.sh

book good
says 'one that was never recorded' fail '^not ok 1 - transcript six' \
	tools/record --check
says 'recording' 0 '^transcripts/six.txt: recorded' tools/record
check 'what is recorded' [ "$(tail -n 1 transcripts/six.txt)" = \
	'twice three is 6' ]
check 'and with which tools' grep -qE \
	'^# tools amd64: gcc [0-9.]+, binutils [0-9.]+, glibc [0-9.]+, (native|q)' \
	transcripts/six.txt
says 'replaying' 0 '^ok 1 - transcript six on amd64' tools/record --check
: >transcripts/six.txt.new
says 'recording it again' 0 '^transcripts/six.txt: as it was' make record
sed -i 's/three //' transcripts/six.txt
says 'a word is missing' fail '^# recorded: twice is 6' tools/record --check
check 'and where' grep -q '^# chapters/01-good.nw:[0-9]*: transcripts/six' said
sed -i 's/\\transcript{six}{six}/\\transcript{six}{six -v}/' chapters/01-*
says 'another command' fail 'another command.*make record NAME=six' \
	tools/record --check
check 'no half-made record is left' [ ! -e transcripts/six.txt.new ]

# A record that other tools have made: what it claims is compared.
make -s record
sed -i 's/^# tools amd64: gcc [0-9]*/# tools amd64: gcc 4/' transcripts/six.txt
says 'other tools' 0 '^# count 1 by what they claim, on other tools' \
	tools/record --check
sed -i 's/three //' transcripts/six.txt
says 'other tools: a word is missing' fail '^# recorded: twice is 6' \
	tools/record --check
claims() { perl -Itools -MPlayer -e 'print map { "$_\n" } claims(map { s/\n//r } <>)'; }
dump() {
	printf '%s\n' '# chapter1 386' '$ qemu-i386 out/386/trail' third \
		"  0x40800${1}4  0x080efff4${4-}" \
		"  0x40800${1}c  0x080${2}9d1  return into second+0x1$3" \
		"${5-first} returned 0x67"
}
dump c 48 1 >old
dump d 49 2 '  arg' >new
dump c 48 1 '' second >wrong
for file in old new wrong; do claims <$file >$file.claims; done
check 'a dump of other tools' cmp old.claims new.claims
check 'claims its frames and returns' grep -qx 'return into second' old.claims
check 'another word is another claim' sh -c '! cmp -s old.claims wrong.claims'

says 'an unknown name' fail '^there is no transcript or figure seven' \
	make record NAME=seven
