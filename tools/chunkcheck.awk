# Looks for mistakes in noweb's token stream, and prints each as
# "file:line: what is wrong: what to do".  Exit status 1 if there are any.
#
#	awk -v partial=1 -v bug=B -f chunkcheck.awk
#
# partial: the stream ends inside a chapter, so a chunk may still lack its
# use.  bug: this broken version must exist.  A line that is too wide is
# reported, but it alone does not make the exit status 1 unless strict is set.

function complain(at, text) {
	say(at, text)
	bad = 1
}
function say(at, text) {
	print at ": " text | "sort -t: -k1,1 -k2,2n >&2"
}
function isroot(name) {
	return name !~ / / && (name ~ /\./ || name == "Makefile")
}
# The columns that text takes: tabs stop every 8, and the later bytes of
# a UTF-8 character take none.
function columns(text,    part, n, i, c) {
	gsub(/[\200-\277]/, "", text)
	n = split(text, part, /\t/)
	for (i = 1; i < n; i++)
		c += length(part[i]) + 8 - (c + length(part[i])) % 8
	return c + length(part[n])
}

/^@file / { file = substr($0, 7); line = 1 }
{ at = file ":" line }
/^@begin code/ { code = 1 }
/^@end code/ { code = 0 }

/^@defn / {
	name = substr($0, 7)
	first[name] = first[name] == "" ? at : first[name]
	text = ""
	own = ""
	if (name ~ /^replace: /) {
		name = substr(name, 10)
		if (!(name in defined))
			complain(at, "this replaces nothing: define <<" name \
				">> before it, or take \"replace: \" away")
	} else if (name ~ /^broken [a-z0-9-]+: /) {
		split(name, word, /[ :]/)
		own = word[2]
		sub(/^broken [a-z0-9-]+: /, "", name)
		bugs[own] = 1
		brokendef[own, name] = at
		next
	} else if (name ~ /^(replace|broken)/ && name ~ /:/)
		complain(at, "this is not \"replace: X\" or \"broken bug: X\"")
	if (!(name in defined))
		defined[name] = at
	next
}
code && /^@use / {
	name = substr($0, 6)
	text = text "<<" name ">>"
	used[name] = 1
	n = ++uses
	use[n] = name
	useat[n] = at
	useown[n] = own
}
code && /^@text / { text = text substr($0, 7) }
code && /^@nl/ {
	if (columns(text) > 72) {
		say(at, "this line of code is " columns(text) \
			" columns wide: the page has room for 72")
		bad = bad || strict
	}
	text = ""
}
!code && /^@text \\state\{/ {
	name = substr($0, 14)
	sub(/\}.*/, "", name)
	if (name in states)
		complain(at, "a state " name " is already at " states[name] \
			": give this one another name")
	states[name] = at
}
/^@nl/ || /^@index nl/ { line++ }

END {
	for (i = 1; i <= uses; i++)
		if (!(use[i] in defined) \
		&& !((useown[i], use[i]) in brokendef))
			complain(useat[i], "<<" use[i] ">> is used but not " \
				"defined up to this chapter: define it, or " \
				"mend the name")
	for (name in defined)
		if (!partial && !isroot(name) && !(name in used))
			complain(defined[name], "<<" name ">> is never used: " \
				"use it, or name it like a file")
	for (key in brokendef) {
		split(key, word, SUBSEP)
		name = word[2]
		if (!partial && !(name in defined) && !isroot(name) \
		&& !(name in used))
			complain(brokendef[key], "this breaks <<" name \
				">>, which does not exist: mend the name")
	}
	if (bug != "" && !(bug in bugs)) {
		print "there is no broken version " bug " up to this chapter" \
			>"/dev/stderr"
		bad = 1
	}
	exit bad
}
