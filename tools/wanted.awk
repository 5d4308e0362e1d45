# Checks that what the chapters ask for has been recorded or written.
#
#	awk -f wanted.awk book.nw chapters/*.nw
#
# Looks at \transcript, \recordedfigure, \measured and \exercises in the
# documentation, and prints what is missing as file:line.  Exit status 1 if
# anything is.

function exists(file,    line, found) {
	found = (getline line <file) >= 0
	close(file)
	return found
}
function complain(text) {
	print FILENAME ":" FNR ": " text
	bad = 1
}
# The first argument in braces behind macro, without its options.
function argument(macro,    text) {
	text = substr($0, index($0, macro) + length(macro))
	sub(/^\[[^]]*\]/, "", text)
	sub(/^\{/, "", text)
	sub(/\}.*/, "", text)
	return text
}
BEGIN {
	while ((getline line <"transcripts/bench.txt") > 0) {
		split(line, word, " ")
		measured[word[1]] = 1
	}
}
/^<<.*>>=/ { code = 1 }
/^@( |$)/ { code = 0 }
code { next }
/^\\transcript[[{]/ {
	name = argument("\\transcript")
	if (!exists("transcripts/" name ".txt"))
		complain("transcript " name " was never recorded: run " \
			"make record NAME=" name)
}
/^\\recordedfigure[[{]/ {
	name = argument("\\recordedfigure")
	if (!exists("figures/" name ".fig"))
		complain("there is no figures/" name ".fig: write it")
	else if (!exists("figures/" name ".data"))
		complain("figure " name " was never recorded: run " \
			"make record NAME=" name)
}
/^\\exercises\{/ {
	name = argument("\\exercises")
	command = "ls exercises/" name ".*-*/statement.tex 2>/dev/null"
	if ((command | getline line) <= 0)
		complain("there are no exercises of chapter " name)
	close(command)
}
/\\measured\{/ {
	text = $0
	while (match(text, /\\measured\{[^}]*\}/)) {
		key = substr(text, RSTART + 10, RLENGTH - 11)
		text = substr(text, RSTART + RLENGTH)
		if (!(key in measured))
			complain("there is no number " key " in " \
				"transcripts/bench.txt: run make bench")
	}
}
END { exit bad }
