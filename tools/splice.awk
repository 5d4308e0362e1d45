# Puts the chapters and exercises into the spine: a noweb filter.
#
#	awk -v markup=MARKUP -f splice.awk
#
# Input: the token stream of book.nw.  Output: the same, where a line of
# documentation of one of these forms is replaced by the token stream of
# the files that it names (MARKUP is noweb's program that makes it):
#
#	\chapterfile{chapters/01-trail.nw}	this chapter
#	\exercises{1}		the statements of exercises/1.*-*, in order
#	\exercisehints		the hints of all exercises, in order
#
# A file that does not exist is an error, printed as file:line.  With
# -v draft=1, statements and hints may be missing.

# Every line comes from next_token: from the innermost file being spliced,
# or from standard input.
function next_token(    got) {
	while (depth > 0) {
		got = (command[depth] | getline token)
		if (got > 0)
			return 1
		if (close(command[depth]) != 0)
			bad = 1
		depth--
		print "@file " filename[depth]
		print "@line " line[depth]
		print "@begin docs 0"
	}
	return (getline token) > 0
}

# From now on tokens come from this shell command.
function splice(shell) {
	print "@end docs 0"
	command[++depth] = shell
	line[depth] = 1
}

# A shell command's lines of output, as one line of words.
function words(shell,    word, all) {
	while ((shell | getline word) > 0)
		all = all (all == "" ? "" : " ") word
	close(shell)
	return all
}

# The folders of the exercises of a chapter (of all, without one).
function folders(number) {
	return words("ls -d exercises/" (number ? number : "[0-9]*") \
		".*-*/ 2>/dev/null | sort -t/ -k2,2V")
}

function complain(text) {
	print filename[depth] ":" line[depth] ": " text >"/dev/stderr"
	bad = 1
}

# What is not there yet is no mistake in a draft.
function absent(text) {
	if (!draft)
		complain(text)
}

function argument(text) {
	sub(/^[^{]*\{/, "", text)
	sub(/\}.*/, "", text)
	return text
}

function chapter(file) {
	if (system("test -r '" file "'") != 0)
		complain("there is no file " file)
	else
		splice(markup " -t '" file "'")
}

function statements(number,    n, i, folder, file, list) {
	n = split(folders(number), folder, " ")
	for (i = 1; i <= n; i++) {
		file = folder[i] "statement.tex"
		if (system("test -r " file) == 0)
			list = list " " file
		else
			absent("there is no file " file)
	}
	if (n == 0)
		absent("there are no exercises for chapter " number \
			" in exercises/")
	if (list != "")
		splice(markup " -t" list)
}

# The shell command that prints a line of documentation as tokens.
function tokens(text) {
	return "printf '@begin docs 0\n@text %s\n@nl\n@end docs 0\n' '" \
		text "'; "
}

function hints(    n, i, k, m, folder, name, file, shell) {
	n = split(folders(), folder, " ")
	for (i = 1; i <= n; i++) {
		name = folder[i]
		sub(/^exercises\//, "", name)
		sub(/-.*/, "", name)
		m = split(words("ls " folder[i] \
			"hint[0-9].tex 2>/dev/null"), file, " ")
		if (m == 0) {
			absent("there are no hints in " folder[i])
			continue
		}
		shell = shell tokens("\\hints{" name "}")
		for (k = 1; k <= m; k++)
			shell = shell tokens("\\hint{" k "}") markup " -t " \
				file[k] "; "
	}
	if (shell != "")
		splice(shell)
}

BEGIN {
	depth = 0
	while (next_token()) {
		if (token ~ /^@file /)
			filename[depth] = substr(token, 7)
		if (token ~ /^@file /)
			line[depth] = 1
		if (token ~ /^@text \\chapterfile\{/)
			chapter(argument(token))
		else if (token ~ /^@text \\exercises\{/)
			statements(argument(token))
		else if (token ~ /^@text \\exercisehints/)
			hints()
		else
			print token
		if (token ~ /^@(index )?nl/)
			line[depth]++
	}
	exit bad
}
