# Draws who runs when: the part of figure.awk for "kind switches".
#
# Each lane is a column; time runs down the page.  A lane has a thick line
# while it runs.  Two run at a time only after a "fig wake".

function switchesfigure(    i, y, lanes, from, to, wide, name, started) {
	for (i = 1; i <= events; i++)
		if (what[i] == "lane")
			lanes++
	wide = lanes > 1 ? 330/(lanes - 0.25) : 0
	lanes = 0
	for (i = 1; i <= events; i++)
		if (what[i] == "lane") {
			name = word(i, 3)
			lanex[name] = lanes++*wide
			laneworld[name] = colour(word(i, 4))
			lanename[lanes] = name
			node("lane", lanex[name], 0, "\\textcolor{" \
				laneworld[name] "text}{" tex(rest(i, 5)) "}")
		}
	y = -12
	for (i = 1; i <= events; i++) {
		if (what[i] == "run" || what[i] == "note") {
			lane(i, 3)
			if (!started && what[i] == "run") {
				since[word(i, 3)] = y
				started = 1
			}
			y -= 13
			node(what[i], lanex[word(i, 3)] + 5, y + 1, tex(rest(i, 4)))
		} else if (what[i] ~ /^(switch|call|return|wake)$/) {
			lane(i, 3)
			lane(i, 4)
			from = word(i, 3)
			to = word(i, 4)
			if (!(from in since))
				since[from] = y
			started = 1
			y -= 15
			if (what[i] != "wake")
				stop(from, y)
			draw(sprintf("\\draw[%s] (%.1fpt,%.1fpt) -- " \
				"node[above,inner sep=1.5pt] {%s} (%.1fpt,%.1fpt);",
				what[i], lanex[from], y, codetex(rest(i, 5)), lanex[to], y))
			since[to] = y
		}
	}
	y -= 10
	for (i = 1; i <= lanes; i++)
		if (lanename[i] in since)
			stop(lanename[i], y)
	print "  \\begin{scope}[on background layer]"
	for (i = 1; i <= lanes; i++)
		draw(sprintf("\\draw[lifeline] (%.1fpt,-10pt) -- ++(0,%.1fpt);",
			lanex[lanename[i]], y + 10))
	print "  \\end{scope}"
}

# Word n of event i must be a lane.
function lane(i, n) {
	if (!(word(i, n) in lanex))
		complain(i, "there is no lane " word(i, n))
}

# The lane has run down to here.
function stop(name, y) {
	draw(sprintf("\\draw[runs,%s] (%.1fpt,%.1fpt) -- (%.1fpt,%.1fpt);",
		laneworld[name], lanex[name], since[name], lanex[name], y))
	delete since[name]
}
