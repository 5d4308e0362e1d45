# Says in plain words what is wrong with a run of TeX.
#
#	awk [-v failed=1] -f texerrors.awk build/book.tex build/book.log
#
# Prints one line for each mistake, with its place in the source where TeX
# knows it.  Exit status 1 if there are any.  failed: TeX did not succeed; if
# the log does not end, it was stopped, and what the log lacks is no mistake.

# The place in the source of a line of build/book.tex.  Lines
# "% LINE FILE SOURCELINE" at its end tell from where its lines come.
function place(at,    i) {
	for (i = nmarks; i > 1 && markline[i] > at; i--)
		;
	return markfile[i] ":" markfrom[i]
}
function complain(text) {
	if (!(text in said))
		list[++n] = text
	said[text] = 1
}
FILENAME ~ /\.tex$/ {
	if ($0 ~ /^% [0-9]+ [^ ]+ [0-9]+$/) {
		markline[++nmarks] = $2
		markfile[nmarks] = $3
		markfrom[nmarks] = $4
	}
	next
}

/^(\.\/)?[^ :]+:[0-9]+: / && !fatal {
	split($0, word, ":")
	text = $0
	sub(/^[^:]*:[0-9]+: */, "", text)
	where = word[1] ":" word[2]
	if (word[1] ~ /build\/book\.tex$/)
		where = place(word[2])
	fatal = where ": TeX stops: " text
	next
}
fatal && !context && /^l\.[0-9]+ / {
	text = $0
	sub(/^l\.[0-9]+ /, "", text)
	if (length(text) > 60)
		text = "..." substr(text, length(text) - 57)
	context = " (at \"" text "\")"
	next
}
/^Output written on / { ended = 1 }
/^! / && !fatal { fatal = "TeX stops: " substr($0, 3); next }
/^Overfull \\hbox \([0-9.]+pt/ {
	split($0, word, /[(p]/)
	for (i = 1; i in word && word[i] !~ /^[0-9.]+$/; i++)
		;
	if (word[i] <= 1)
		next
	at = $0
	if (at ~ /lines? [0-9]+/) {
		sub(/.*lines? /, "", at)
		sub(/[^0-9].*/, "", at)
		at = place(at)
	} else
		at = "while a page was made"
	complain(at ": a line sticks out " word[i] "pt into the margin: " \
		"shorten it, or let it break")
}
/LaTeX Warning: (Reference|Citation) / || /Package natbib Warning: Citation/ {
	text = $0
	sub(/.*Warning: /, "", text)
	at = text
	sub(/.*input line /, "", at)
	sub(/ on page.*/, "", text)
	complain(place(at + 0) ": " tolower(substr(text, 1, 1)) \
		substr(text, 2) " is not defined")
}
/LaTeX Warning: Label .* multiply defined/ {
	text = $0
	sub(/.*Warning: Label /, "", text)
	sub(/ multiply.*/, "", text)
	complain("the label " text " is defined twice")
}
/^Missing character: / {
	text = $0
	sub(/^Missing character: /, "", text)
	complain("missing character: " tolower(substr(text, 1, 1)) \
		substr(text, 2))
}
/^LaTeX Warning: Empty bibliography|^I couldn't open database/ {
	complain($0)
}
END {
	if (fatal ~ /File .* not found|font .* cannot be found/)
		print fatal " Is it installed? Run make deps."
	else if (fatal)
		print fatal context
	if (failed && !ended)
		n = 0
	for (i = 1; !fatal && i <= n; i++)
		print list[i]
	exit fatal || n > 0
}
