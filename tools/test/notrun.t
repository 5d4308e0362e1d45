#!/bin/sh
# What cannot be run here is named, and does not count as passed.
. tools/test/lib.sh

book good
export NATIVE=none
says 'the sanitizers without amd64' 0 \
	'^ok 1 - the sanitizers # SKIP they need amd64 as the native machine' \
	perl tools/sanitize
unset NATIVE
mkdir -p build/check
echo '# promise 2: tests under the sanitizers
ok 1 - one
ok 2 - two # SKIP the reason
1..2' >build/check/sanitize.tap
says 'the last line of the ledger' 0 '^1 passed, 0 failed, 1 not run$' \
	perl tools/ledger
check 'and the reason' grep -q '^ *two: the reason$' said
check 'what was run' grep -qE '^ *tests under the sanitizers +1 *$' said
