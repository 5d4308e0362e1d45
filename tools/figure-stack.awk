# Draws stacks: the part of figure.awk for "kind stack".
#
# A column has, from left to right: the arrow of the stack pointer, the end
# of each address, a cell with the value, a label, and a bracket for the
# frame.  High addresses are at the top.

function stackfigure(    first, last, y) {
	Char = 4.05	# width of a character of the code face
	Text = 3.55	# and about that of the text face
	Row = 12.5
	Gap = 16	# between columns
	Heads = 40	# above the first word: titles
	if (what[1] == "row")
		align()
	for (first = 1; first <= events; first = last + 1) {
		for (last = first; last < events && what[last+1] != "row"; last++)
			;
		draw(sprintf("\\begin{scope}[yshift=%.1fpt]", y))
		if (what[first] == "row")
			node("panel", 0, Heads - 2, tex(rest(first, 3)))
		picture(first, last)
		draw("\\end{scope}")
		y -= depth + Heads + Row
	}
}

# One row: the events from first to last.
function picture(first, last,    i) {
	x = 0
	depth = 0	# how far down the row goes
	panel = ""
	fields = 0
	columns = buffers = 0
	delete rowy
	for (i = first; i <= last; i++) {
		if (what[i] == "panel")
			panel = rest(i, 3)
		else if (what[i] == "buf")
			buffer(i)
	}
	registers(first, last)
	for (i = first; i <= last; i++) {
		if (what[i] == "panel")
			panel = rest(i, 3)
		else if (what[i] == "stack") {
			column(i)
			panel = ""
		}
	}
	for (i = first; i <= last; i++)
		if (what[i] == "link")
			link(word(i, 3), word(i, 4))
	for (i = 1; i <= fields; i++)
		if (fieldvalue[i] in rowy)
			draw(sprintf("\\draw[pointer] (%.1fpt,%.1fpt) to[out=0,in=180] " \
				"(%.1fpt,%.1fpt);", fieldx[i], fieldy[i],
				leftx[fieldvalue[i]], rowy[fieldvalue[i]]))
}

# A number without its leading zeros.
function short(value) {
	sub(/^0x0+/, "0x", value)
	return value == "0x" ? "0x0" : value
}

# The registers are drawn as a structure of their own.
function registers(first, last,    i, n) {
	n = events
	event[++n] = "fig buf registers"
	for (i = first; i <= last; i++)
		if (what[i] == "reg") {
			event[++n] = event[i]
			what[n] = "field"
		}
	what[n + 1] = ""
	if (n > events + 1)
		buffer(events + 1)
}

# A structure, to the left of all stacks.
function buffer(i,    j, y, namewidth, valuewidth) {
	for (j = i + 1; what[j] == "field"; j++) {
		namewidth = max(namewidth, length(word(j, 3))*Char)
		valuewidth = max(valuewidth, length(short(word(j, 4)))*Char)
	}
	if (++buffers in fieldwidth)
		valuewidth = fieldwidth[buffers]
	node("column head", x, 13, codetex(rest(i, 3)))
	y = 0
	for (j = i + 1; what[j] == "field"; j++) {
		node("address", x + namewidth, y, codetex(word(j, 3)))
		cell(x + namewidth + 4, y, valuewidth + 8, codetex(short(word(j, 4))))
		if (rest(j, 5) != "")
			node("label", x + namewidth + 6, y - Row + 1.5,
				codetex(rest(j, 5)))
		fieldvalue[++fields] = word(j, 4)
		fieldx[fields] = x + namewidth + valuewidth + 12
		fieldy[fields] = y
		y -= rest(j, 5) != "" ? 2*Row - 2 : Row
	}
	depth = max(depth, -y)
	x += namewidth + valuewidth + 12 + 2.6*Gap
}

# Finds arrows[n], the width of the widest stack pointer at column n of any
# row, and fieldwidth[n], that of the widest value in the n-th structure, so
# that the stacks of all rows stand below each other.
function align(    i, n, b) {
	for (i = 1; i <= events; i++)
		if (what[i] == "row")
			n = b = 0
		else if (what[i] == "stack")
			n++
		else if (what[i] == "buf")
			b++
		else if (what[i] == "field")
			fieldwidth[b] = max(fieldwidth[b],
				length(short(word(i, 4)))*Char)
		else if (what[i] == "sp")
			arrows[n] = max(arrows[n], arrow(rest(i, 4)))
}

# The width of the arrow of a stack pointer, with its label.
function arrow(label) { return length(label)*Char + 19 }
function max(a, b) { return a > b ? a : b }

# How much of the addresses from event i on is the same in all of them.
function prefix(i,    p, a, n) {
	for (; i <= events && what[i] !~ /^(stack|panel|buf|row)$/; i++)
		if (what[i] == "word") {
			a = word(i, 3)
			if (!n++)
				p = substr(a, 1, length(a) - 3)
			while (index(a, p) != 1)
				p = substr(p, 1, length(p) - 1)
		}
	return p
}

# One stack, with its left edge at x.
function column(i,    j, n, p, y, k, a, cellx, labelx, spwidth, addrwidth,
		valuewidth, labelwidth, framewidth, order, tmp, name, world) {
	p = prefix(i + 1)
	world = colour(word(i, 4))
	n = 0
	frame = ""
	for (j = i + 1; j <= events && what[j] !~ /^(stack|panel|buf|row)$/; j++) {
		if (what[j] == "frame") {
			frame = rest(j, 3)
			framewidth = max(framewidth, length(frame)*Char + 10)
		} else if (what[j] == "word") {
			n++
			address[n] = word(j, 3)
			value[n] = short(word(j, 4))
			label[n] = rest(j, 5)
			inframe[n] = frame
			missing[n] = 0
			addrwidth = max(addrwidth, (length(address[n]) - length(p) + 1)*Char)
			valuewidth = max(valuewidth, length(value[n])*Char)
			labelwidth = max(labelwidth, length(label[n])*Text)
		} else if (what[j] == "gap") {
			n++
			missing[n] = word(j, 3)
			inframe[n] = frame
			address[n] = value[n] = label[n] = ""
		} else if (what[j] == "sp") {
			sp[word(j, 3)] = rest(j, 4)
			spwidth = max(spwidth, arrow(rest(j, 4)))
		}
	}
	if (++columns in arrows)
		spwidth = arrows[columns]
	cellx = x + spwidth + addrwidth + 4
	labelx = cellx + valuewidth + 8 + 4
	node("column head", cellx, 24, "\\textcolor{" world "text}{" tex(rest(i, 5)) "}")
	node("column note", cellx, 13.5, "at " codetex(short(p)) "\\,\\ldots")
	if (panel != "")
		node("panel", cellx, 38, tex(panel))
	for (k = n; k >= 1; k--) {
		y = (k - n)*Row
		if (missing[k]) {
			node("gap", cellx + (valuewidth + 8)/2, y,
				missing[k] " words")
			continue
		}
		node("address", cellx - 3, y,
			"\\ldots" codetex(substr(address[k], length(p) + 1)))
		cell(cellx, y, valuewidth + 8, codetex(value[k]))
		if (label[k] != "")
			node("label", labelx - 2, y, tex(label[k]))
		rowy[address[k]] = y
		leftx[address[k]] = cellx - addrwidth - 7
		if (address[k] in sp)
			draw(sprintf("\\draw[stack pointer] (%.1fpt,%.1fpt) " \
				"node[left,inner sep=1pt] {%s} -- ++(11pt,0);",
				cellx - addrwidth - 19, y, codetex(sp[address[k]])))
	}
	edge(cellx, n, world)
	brackets(labelx + labelwidth + 3, n)
	for (k in sp)
		delete sp[k]
	depth = max(depth, n*Row)
	x = labelx + labelwidth + framewidth + Gap
	for (k = 1; k <= n; k++)
		rightx[address[k]] = x - Gap + 3
}

function cell(x, y, width, text) {
	draw(sprintf("\\draw[cell] (%.1fpt,%.1fpt) rectangle ++(%.1fpt,%.1fpt);",
		x, y - Row/2, width, Row))
	node("value", x + width/2, y, text)
}

# The coloured edge at the left of the cells.
function edge(x, n, world) {
	draw(sprintf("\\draw[edge,%s] (%.1fpt,%.1fpt) -- (%.1fpt,%.1fpt);",
		world, x, Row/2, x, -(n - 0.5)*Row))
}

# A bracket around the words of each frame, with its name.
function brackets(x, n,    k, top, name) {
	for (k = n; k >= 1; k = top - 1) {
		name = inframe[k]
		for (top = k; top > 1 && inframe[top - 1] == name; top--)
			;
		if (name == "")
			continue
		draw(sprintf("\\draw[bracket] (%.1fpt,%.1fpt) -| (%.1fpt,%.1fpt) " \
			"|- (%.1fpt,%.1fpt);", x, -(n - k - 0.42)*Row, x + 3,
			((k + top)/2 - n)*Row, x, -(n - top + 0.42)*Row))
		node("frame", x + 5, ((k + top)/2 - n)*Row, codetex(name))
	}
}

# An arrow from a word to a word of a stack further left.
function link(from, to) {
	if ((from in rowy) && (to in rowy))
		draw(sprintf("\\draw[pointer] (%.1fpt,%.1fpt) to[out=180,in=0] " \
			"(%.1fpt,%.1fpt);", leftx[from], rowy[from],
			rightx[to], rowy[to]))
}
