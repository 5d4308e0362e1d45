#!/bin/sh
# Transcripts and figures: recorded, replayed, and a difference named.
. tools/test/lib.sh

book good
says 'one that was never recorded' fail '^not ok 1 - transcript six' \
	tools/record --check
says 'recording' 0 '^transcripts/six.txt: recorded' tools/record
check 'what is recorded' [ "$(tail -n 1 transcripts/six.txt)" = \
	'twice three is 6' ]
says 'replaying' 0 '^ok 1 - transcript six on amd64' tools/record --check
says 'recording it again' 0 '^transcripts/six.txt: as it was' make record
sed -i 's/three //' transcripts/six.txt
says 'a word is missing' fail '^# recorded: twice is 6' tools/record --check
check 'and where' grep -q '^# chapters/01-good.nw:[0-9]*: transcripts/six' said
sed -i 's/\\transcript{six}{six}/\\transcript{six}{six -v}/' chapters/01-*
says 'another command' fail 'another command.*make record NAME=six' \
	tools/record --check
says 'an unknown name' fail '^there is no transcript or figure seven' \
	make record NAME=seven
