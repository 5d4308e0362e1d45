# Makes TeX of a recorded run.
#
#	awk -f transcript.awk transcripts/NAME.txt  >build/transcripts/NAME.tex
#
# The first line of a recording, "# TREE MACHINE", becomes the head of the
# box; the line "$ ..." is the command.  A line wider than 76 columns does
# not fit the page: exit status 1.

# TeX's special characters as glyphs, tabs and blanks as columns.
function escape(text,    out, c, i, col) {
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "\t") {
			do {
				out = out "\\ "
				col++
			} while (col % 8 != 0)
			continue
		}
		if (c !~ /[\200-\277]/)
			col++
		if (c == " ")
			c = "\\ "
		else if (c ~ /[\\{}~^]/)
			c = "\\char" code[c] " "
		else if (c ~ /[$&#%_]/)
			c = "\\" c
		out = out c
	}
	if (col > 76) {
		print FILENAME ":" FNR ": this line is " col " columns wide: " \
			"the page has room for 76" >"/dev/stderr"
		bad = 1
	}
	return out
}
BEGIN {
	code["\\"] = 92; code["{"] = 123; code["}"] = 125
	code["~"] = 126; code["^"] = 94
}
FNR == 1 {
	tree = $2
	machine = $3
	sub(/^chapter/, "chapter ", tree)
	if (tree ~ /^broken\//)
		tree = "broken version \\textit{" substr(tree, 8) "}"
	next
}
{ line[++n] = /^\$ / ? "\\swcommand{" escape($0) "}" \
                     : "\\swoutput{" escape($0) "}" }
END {
	while (n > 0 && line[n] == "\\swoutput{}")
		n--
	print "\\begin{swrun}{" tree "}{" machine "}{" n - 1 "}%"
	for (i = 1; i <= n; i++)
		print line[i] "%"
	print "\\end{swrun}"
	exit bad
}
