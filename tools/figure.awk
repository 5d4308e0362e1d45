# Draws a figure from the data of a recorded run.
#
#	awk -f figure.awk -f figure-stack.awk -f figure-switches.awk \
#		figures/NAME.fig figures/NAME.data  >build/figures/NAME.tex
#
# The .fig file says which program was run and what kind of figure this is,
# "kind stack" or "kind switches".  The data are the lines that the program
# printed.  Each begins with "fig"; in a figure of stacks:
#
#	fig row TITLE			a new picture below
#	fig panel TITLE			a new picture to the right
#	fig stack NAME WORLD TITLE	a column; WORLD: goroutine, g0, thread
#	fig frame NAME			the words from here on are in this frame
#	fig word ADDR VALUE LABEL	a word of memory
#	fig gap N			N words are left out
#	fig sp ADDR LABEL		the stack pointer
#	fig link FROM TO		an arrow from the word at FROM to that at TO
#	fig buf TITLE			a structure, drawn to the left
#	fig field NAME VALUE LABEL	one of its fields; if VALUE is an address
#					in the picture, an arrow leads there
#	fig reg NAME VALUE		a register, drawn like a field
#
# and in a figure of switches:
#
#	fig lane NAME WORLD TITLE	a column
#	fig run LANE TEXT		LANE runs and does this
#	fig note LANE TEXT		a remark beside LANE
#	fig switch FROM TO TEXT		from now on TO runs
#	fig wake FROM TO TEXT		from now on TO runs, too
#	fig call FROM TO TEXT		the same by a call
#	fig return FROM TO TEXT		and by its return
#
# A line "scale 0.9" in the .fig file makes the figure smaller.
#
# Output: TikZ, with the styles of figures/style.tex.  Lengths are in pt.

FNR == 1 { files++ }
files == 1 && $1 == "kind" { kind = $2 }
files == 1 && $1 == "scale" { scale = $2 }
files == 2 && $1 == "fig" {
	event[++events] = $0
	what[events] = $2
	if ($2 !~ /^(row|panel|stack|frame|word|gap|sp|link|buf|field|reg)$/ \
	&& $2 !~ /^(lane|run|note|switch|wake|call|return)$/)
		complain(events, "there is no such line")
}

function complain(i, text) {
	print FILENAME ": " event[i] ": " text >"/dev/stderr"
	bad = 1
}

# Word n of event i and all that follow.
function rest(i, n,    s) {
	s = event[i]
	for (; n > 1; n--)
		sub(/^[^ ]+ */, "", s)
	return s
}
function word(i, n,    part) {
	split(event[i], part, " ")
	return part[n]
}

# Text as TeX, and in the code face.
function tex(s) {
	gsub(/\\/, "\001", s)
	gsub(/[{}$&#%_]/, "\\\\&", s)
	gsub(/\^/, "\\textasciicircum{}", s)
	gsub(/~/, "\\textasciitilde{}", s)
	gsub(/\001/, "\\textbackslash{}", s)
	return s
}
function codetex(s) {
	return "\\figcode{" tex(s) "}"
}

# Colours: everything that is not a goroutine's stack belongs to the
# operating system.
function colour(world) {
	return world == "goroutine" ? "goroutine" : "foreign"
}

function draw(s) { print "  " s }
function node(style, x, y, text) {
	draw(sprintf("\\node[%s] at (%.1fpt,%.1fpt) {%s};", style, x, y, text))
}

END {
	print "\\begin{tikzpicture}[book figure" (scale ? ", scale=" scale \
		", transform shape" : "") "]"
	if (kind == "stack")
		stackfigure()
	else if (kind == "switches")
		switchesfigure()
	else {
		print FILENAME ": kind is neither stack nor switches" \
			>"/dev/stderr"
		bad = 1
	}
	print "\\end{tikzpicture}%"
	exit bad
}
