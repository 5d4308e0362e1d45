# For the tests of the tools: read by each with ". tools/test/lib.sh".

# check WHAT COMMAND...: the command succeeds.
check() {
	what=$1
	shift
	if "$@" >said.check 2>&1; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		cat said.check
	fi
}

# says WHAT STATUS PATTERN COMMAND...: the command ends with this status (or
# with "fail": any but 0) and prints a line that matches.
says() {
	what=$1 want=$2 pattern=$3
	shift 3
	"$@" >said 2>&1
	status=$?
	[ "$want" = fail ] && [ $status != 0 ] && want=$status
	if [ $status = "$want" ] && grep -qE -e "$pattern" said; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		echo "expected status $want and: $pattern"
		echo "status $status, and it said:"
		cat said
	fi
}

# book NAME...: the chapters 1, 2 ... are these small books.
book() {
	rm -f chapters/0[1-9]*
	n=0
	for name in "$@"; do
		n=$((n + 1))
		cp "$BOOKS/$name.nw" "chapters/0$n-$name.nw"
	done
}

# All files of a folder with their contents, in one line.
contents() {
	(cd "$1" && find . -type f | sort | xargs cksum | cksum)
}
