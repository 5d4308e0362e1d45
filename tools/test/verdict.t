#!/bin/sh
# The verdict on a test is what it reports, not what it prints.
. tools/test/lib.sh

book verdicts
native=$(uname -m | sed 's/x86_64/amd64/')
out=code/chapter1/out/$native/test
says 'some of these tests fail' fail "^$native +yes +[0-9]* of [0-9]* " \
	make chapter1 TARGET="$native"
mv said all
# report NAME: what was said of a test.
report() {
	sed -n "\\,/$1.t\$,,/^\$/p" all
}
passes() {
	check "$1 passes" [ -z "$(report "$1")" ]
}
passes chatty
passes child
passes inchild
passes naps
report forged >said
check 'who only prints ok has run no test' grep -q 'it ran no test' said
report lastwords >said
check 'a test that breaks off' grep -q 'it broke off before its plan' said
check 'its last words' grep -q 'throw: this is the reason' said
report dead >said
check 'a dead child: one message each time' [ "$(grep -c 'signal ended' said)" = 2 ]
check 'its last words' [ "$(grep -c 'said: its last words' said)" = 2 ]
check 'no advice on what was not tried' [ "$(grep -c 'advice on two' said)" = 2 ]
check 'and no other' [ "$(grep -c 'advice' said)" = 2 ]
check 'they are named' [ "$(grep -c 'two: not tried' said)" = 2 ]

$out/chatty.t >said 2>words
check 'by hand: the checks' [ "$(grep -c . said)" = 3 ]
check 'by hand: the words' grep -q '^dbgok 5' words
says 'under prove' 0 '^Result: PASS' prove --exec '' $out/chatty.t

# Stopped with all it has started, for longer than its children may take.
rm -f ready
$out/naps.t >said 2>&1 &
while [ ! -e ready ]; do
	sleep 0.1
done
sleep 0.3
# shellcheck disable=SC2046 # a list of numbers
kill -STOP $! $(cat /proc/$!/task/$!/children)
sleep 4
# shellcheck disable=SC2046 # a list of numbers
kill -CONT $! $(cat /proc/$!/task/$!/children)
wait $!
check 'a test that was stopped passes' [ $? = 0 ]

# Programs that are none, and stay.
perl -e 'use lib "tools"; use Tap; truncate $ARGV[0], 0; chmod 0644, $ARGV[1];
	for (runtests({ run => "" }, 1, @ARGV)) {
		print $_->{ok} ? "passed" : "failed: @{ $_->{why} }", "\n" }' \
	$out/chatty.t $out/child.t $out/none.t >said 2>&1
check 'an empty program' grep -q 'failed: .*chatty.t is no program' said
check 'one without the right to run' grep -q 'failed: .*child.t is no prog' said
check 'one that is not there' grep -q 'failed: it was not built' said
check 'none of them passed' sh -c '! grep passed said'

printf '#!/bin/sh\necho "cannot reserve memory" >&2\nexit 1\n' >words.t
chmod +x words.t
perl -e 'use lib "tools"; use Tap;
	print "@{ $_->{told} }\n" for runtests({ run => "" }, 1, "./words.t")' >said
check 'why it ran no test' grep -q 'ran no test.*cannot reserve memory' said
