#!/bin/sh
# make deps: what is missing is named; what is there costs nothing.
. tools/test/lib.sh

mkdir other
cp tools/deps other
arch=$(dpkg --print-architecture)
echo 'dpkg  # is everywhere' >other/packages
says 'nothing is missing' 0 '^deps: nothing is missing$' other/deps
echo "no-such-package  # nowhere
no-such-thing [!$arch]  # not here
no-such-place [$arch]" >>other/packages
says 'what is missing is named' 1 \
	'^deps: missing: no-such-package no-such-place$' other/deps -n
