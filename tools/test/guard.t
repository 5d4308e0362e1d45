#!/bin/sh
# Whatever ends a command, nothing of it goes on.  Each signal is sent to each
# of the processes that make chapter1 consists of, to all of them, and the
# terminal is closed.
. tools/test/lib.sh

book lingers
native=$(uname -m | sed 's/x86_64/amd64/')

# The processes that run in this folder: number, and what they are.
processes() {
	perl -e 'use Cwd; my $here = getcwd();
	for (glob "/proc/[0-9]*") {
		next if (readlink "$_/cwd" // "") ne $here;
		open my $in, "<", "$_/cmdline" or next;
		my $line = join " ", split /\0/, <$in> // next;
		my ($name) = $line =~ m,^(make)\b, ? $1
			: $line =~ m,^\S*perl (tools/\w+), ? $1
			: $line =~ m,(lingers)\.t$, ? $1 : next;
		print m,(\d+),, " $name\n";
	}'
}
one() { # one WHAT: the first of the processes of a kind
	processes | sort -n | grep " $1\$" | head -n 1 | cut -d' ' -f1
}
parent() {
	sed 's/.*) . \([0-9]*\).*/\1/' "/proc/$1/stat"
}
# Other tests may run beside the one that lingers: what is meant is its limit.
pick() {
	case $1 in
	guard) parent "$(one lingers)" ;;
	tools/limit) parent "$(pick guard)" ;;
	*) one "$1" ;;
	esac
}
gone() {
	n=0
	while [ -n "$(processes)" ]; do
		n=$((n + 1))
		if [ $n -gt 100 ]; then
			processes
			processes | cut -d' ' -f1 | xargs kill -KILL
			return 1
		fi
		sleep 0.1
	done
}
ready() {
	n=0
	while [ ! -e ready ] && [ $n -lt 300 ]; do
		n=$((n + 1))
		sleep 0.1
	done
}
begin() {
	rm -f ready
	setsid -f env --default-signal=INT,QUIT make -s chapter1 \
		TARGET="$native" >/dev/null 2>&1 </dev/null
	ready
}

for signal in INT TERM HUP QUIT KILL; do
	for what in make tools/chapter tools/limit; do
		# make ends by itself only after those two.
		case $signal-$what in
		*-tools/* | TERM-* | KILL-*) ;;
		*) continue ;;
		esac
		begin
		kill -$signal "$(pick $what)"
		check "SIG$signal to $what" gone
	done
	begin
	kill -s $signal -- "-$(one make)"
	check "SIG$signal to all in the foreground" gone
done
begin
kill -KILL "$(pick guard)"
check 'the guard of a test is killed' gone
begin
kill -KILL "$(parent "$(one tools/chapter)")"
check 'the guard of a command is killed' gone
begin
kill -KILL "$(one lingers)"
check 'the test is killed, and its children remain' gone

command -v script >/dev/null ||
	echo 'ok - the terminal is closed # SKIP there is no program "script"'
for command in "make -s chapter1 TARGET=$native" \
	"make -s chapter1 TARGET=$native; true"; do
	command -v script >/dev/null || continue
	rm -f ready
	script -q -c "$command" /dev/null >/dev/null 2>&1 </dev/null &
	ready
	kill -KILL $!
	check "the terminal is closed: $command" gone
done
