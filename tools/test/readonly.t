#!/bin/sh
# Folders that cannot be written to, and links.  Needs the right to mount.
. tools/test/lib.sh

book good
cp -r tools/test/exercises/1.1-twice exercises
if unshare -m true 2>/dev/null; then
	cat >commands <<'end'
mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" || exit 99
for command in chapter1 book record check exercise-1.1 hint-1.1 broken-thrice; do
	make "$command" >/tmp/said.$$ 2>&1 && echo "$command: no failure"
	sed "s/^/$command: /" /tmp/said.$$
done
make help >/tmp/said.$$ && grep '^make deps ' /tmp/said.$$
rm -f /tmp/said.$$
end
	unshare -m sh commands >said 2>&1
	check 'each command says it, in a line, but help works' sh -c 'cat said
		[ "$(grep -c "older . cannot be written to: make it y" said)" = 7 ] &&
		[ "$(wc -l <said)" = 8 ]'
else
	echo 'ok - a folder that cannot be written to # SKIP no right to mount'
fi
ln -s nowhere build
says 'a link that leads nowhere' fail 'the link build leads nowhere' \
	make chapter1
check 'in one line' [ "$(wc -l <said)" = 1 ]
rm build
mkdir elsewhere
mkdir elsewhere/build elsewhere/code elsewhere/work
ln -s elsewhere/build elsewhere/code elsewhere/work .
native=$(uname -m | sed 's/x86_64/amd64/')
says 'folders that are links' 0 '^transcripts/six.txt: recorded' sh -c "
	make chapter1 TARGET=$native && make record NAME=six"
says 'and compared' 0 '^ok 1 - transcript six' perl tools/record --check
check 'they stay links' [ -h code ]
says 'the exercise, too' fail '^    not ok 1 - three times three is nine|not ok' \
	make exercise-1.1
