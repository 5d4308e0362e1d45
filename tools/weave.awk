# Turns noweb's tokens into the LaTeX of the book: a noweb back end.
#
#	awk [-v draft=1] -f weave.awk
#
# Input: the token stream of the whole book, with the chapters spliced in
# (splice.awk) and the uses of identifiers marked (noweb's finduses).
# Output: LaTeX, for the macros in the second half of book.sty, and at the
# end, behind \end{document}, where each of its lines came from:
# "% LINE FILE SOURCELINE".  Mistakes are printed as file:line.
#
# Chunks are numbered in the order of the page.  What a definition
# continues or replaces is decided in the order of the trees, chapter 0
# first (the common ground, which is printed last).

function complain(at, text) {
	print at ": " text | "sort -t: -k1,1 -k2,2n >&2"
	bad = 1
}

# What is not there yet is only mentioned in a draft.
function absent(what) {
	if (draft)
		print now ": there is no " what >"/dev/stderr"
	else
		complain(now, "there is no " what)
}

# --- Reading ---------------------------------------------------------

{ token[NR] = $0 }
/^@file / {
	file = substr($0, 7)
	line = 1
	if (!(file in seenfile)) {
		seenfile[file] = 1
		files[++nfiles] = file
	}
}
/^@line / { line = substr($0, 7) }
{ where[NR] = file ":" line }
k && comment { quiet[NR] = 1 }
/^@begin code/ { k = ++chunks; comment = 0 }
/^@end code/ { k = 0 }
/^@defn / {
	at[k] = where[NR]
	from[k] = file
	title[k] = substr($0, 7)
	text = ""
}
/^@nl/ && k && comment != "block" { comment = 0 }
/^@(index )?nl/ { line++ }
/^@nl/ { if (k) measure(k); text = "" }
/^@text / {
	text = text substr($0, 7)
	incode(substr($0, 7))
}
/^@use / {
	text = text "<<" substr($0, 6) ">>"
	if (k)
		uses[substr($0, 6)] = uses[substr($0, 6)] " " k
}
/^@index defn / {
	id = substr($0, 13)
	if (!((id, k) in defines)) {
		defines[id, k] = 1
		defs[id] = defs[id] " " k
	}
}
# A name in a comment or in a string is no use of an identifier.
/^@index use / && k && !comment && !((substr($0, 12), k) in mentions) {
	id = substr($0, 12)
	mentions[id, k] = 1
	identuses[id] = identuses[id] " " k
}

# Follows a piece of code: are we in a comment or in a string behind it?
function incode(rest,    c) {
	while (rest != "") {
		c = substr(rest, 1, 2)
		if (comment == "block" && c == "*/")
			comment = 0
		else if (comment == "string" && c ~ /^\\/)
			rest = substr(rest, 2)
		else if (comment == "string" && c ~ /^"/)
			comment = 0
		else if (!comment && c == "/*")
			comment = "block"
		else if (!comment && c == "//")
			comment = "line"
		else if (!comment && c ~ /^"/)
			comment = "string"
		rest = substr(rest, 2)
	}
}

# Tabs to blanks, a stop every 8 columns, counted in characters.
function untab(s, column,    n, i, part, bare, blanks) {
	n = split(s, part, /\t/)
	s = ""
	for (i = 1; i <= n; i++) {
		bare = part[i]
		gsub(/[\200-\277]/, "", bare)
		column += length(bare)
		blanks = i < n ? 8 - column % 8 : 0
		column += blanks
		s = s part[i] substr("        ", 1, blanks)
	}
	columns = column
	return s
}

# The width of chunk k, where a tab at the beginning takes 4 columns.
function measure(k) {
	untab(text, 0)
	if (text ~ /^\t/)
		columns -= 4
	if (columns > width[k])
		width[k] = columns
}

# --- Which definition is which ---------------------------------------

# The plain name of chunk k; sets bug[k] and replacing[k].
function plainname(k,    name, word) {
	name = title[k]
	if (name ~ /^replace: /) {
		replacing[k] = 1
		return substr(name, 10)
	}
	if (name ~ /^broken [a-z0-9-]+: /) {
		split(name, word, /[ :]/)
		bug[k] = word[2]
		sub(/^broken [a-z0-9-]+: /, "", name)
	}
	return name
}

# versions[name]: how many.  version[name, v]: the chunks of version v.
# Every list of chunks is a string of numbers, each after a blank.
function place(k,    name, v, old, n, i) {
	name = plain[k]
	if (bug[k] != "") {
		v = "b " bug[k]
		brokenhere[++nbroken] = k
	} else {
		if (replacing[k]) {
			old = version[name, versions[name]]
			if (old == "")
				complain(at[k], "this replaces nothing")
			replaces[k] = old
			n = split(old, list, " ")
			for (i = 1; i <= n; i++)
				replacedon[list[i]] = " " k
		}
		if (!versions[name] || replacing[k])
			versions[name]++
		v = versions[name]
	}
	if (version[name, v] != "") {
		n = split(version[name, v], list, " ")
		continues[k] = " " list[n]
		goeson[list[n]] = " " k
	}
	version[name, v] = version[name, v] " " k
	partof[k] = v
}

# At the end of a chapter, its broken versions know what they break.
function breakings(    i, j, k, n, name) {
	for (i = 1; i <= nbroken; i++) {
		k = brokenhere[i]
		name = plain[k]
		if (continues[k] || !versions[name])
			continue
		breaks[k] = version[name, versions[name]]
		n = split(breaks[k], list, " ")
		for (j = 1; j <= n; j++)
			brokenon[list[j]] = brokenon[list[j]] " " k
	}
	nbroken = 0
}

# The chunk that a use of name in chunk k means: the first definition of
# the version that is valid there.
function meant(name, k,    v, first, best) {
	if (bug[k] != "" && version[name, "b " bug[k]] != "")
		return firstof(version[name, "b " bug[k]])
	best = firstof(version[name, 1])
	for (v = 2; v <= versions[name]; v++) {
		first = firstof(version[name, v])
		if (order[first] <= order[k])
			best = first
	}
	return best
}
function firstof(list) {
	split(list, first_, " ")
	return first_[1]
}

# The chunks that use chunk k; those of broken versions only if no other.
function usedon(k,    n, i, good, all, last) {
	n = split(uses[plain[k]], list, " ")
	for (i = 1; i <= n; i++) {
		if (list[i] == last)
			continue
		last = list[i]
		all = all " " last
		if (bug[last] == "" || bug[last] == bug[k])
			good = good " " last
	}
	return good != "" ? good : all
}

# The definition of id that a reader at chunk k has seen last; if none,
# the first one that is in the same chapter or, like the common ground,
# in one before it.  Otherwise this is another thing of the same name: 0.
function definition(id, k,    n, i, best) {
	n = split(defs[id], list, " ")
	for (i = 1; i <= n && list[i] <= k; i++)
		best = list[i]
	for (i = 1; i <= n && !best; i++)
		if (from[list[i]] <= from[k])
			best = list[i]
	return best + 0
}

# --- Writing ---------------------------------------------------------

function emit(s) {
	print s
	map[++written] = now
}

# Text of a program as LaTeX.
function tex(s) {
	if (s !~ /[\\{}$&#%_^~ '`-]/)
		return s
	s = wordstex(s)
	gsub(/'/, "\\textquotesingle{}", s)
	gsub(/`/, "\\textasciigrave{}", s)
	return s
}
function codetex(s) {
	s = tex(s)
	gsub(/ /, "\\ ", s)
	return s
}
# In running text, long names may be divided after some signs.
function quotetex(s) {
	s = tex(s)
	gsub(/->/, "&\\nwdivide{}", s)
	gsub(/[(,]|\/|\\_/, "&\\nwdivide{}", s)
	return s
}
# A chunk's name, in which [[code]] may stand, as LaTeX.
function nametex(name,    out, i) {
	if (name ~ /^[^ ]+$/ && name ~ /\.|^Makefile$/)
		return "\\nwfile{" quotetex(name) "}"
	while ((i = index(name, "[[")) > 0) {
		out = out wordstex(substr(name, 1, i - 1))
		name = substr(name, i + 2)
		i = index(name, "]]")
		out = out "\\nwq{" tex(substr(name, 1, i - 1)) "}"
		name = substr(name, i + 2)
	}
	return out wordstex(name)
}
# Words: their quotation marks stay.
function wordstex(s) {
	gsub(/\\/, "\001", s)
	gsub(/[{}$&#%_]/, "\\\\&", s)
	gsub(/\^/, "\\textasciicircum{}", s)
	gsub(/~/, "\\textasciitilde{}", s)
	gsub(/\001/, "\\textbackslash{}", s)
	return s
}
# A list of chunks as TeX will take it: 3,17,18
function commas(list) {
	sub(/^ /, "", list)
	gsub(/ /, ",", list)
	return list
}
function remark(word, list) {
	return list == "" ? "" : "\\nw" word "{" commas(list) "}"
}

# The head of chunk k, with its remarks for the margin.
function chunkhead(k) {
	emit("\\chunk{" k "}{" nametex(plain[k]) "}{" \
		(continues[k] != "" ? "+" : "") "}{" \
		remark("replaces", replaces[k]) \
		(bug[k] == "" ? "" : "\\nwbroken{" bug[k] "}{" \
			commas(breaks[k]) "}") \
		remark("continues", continues[k]) \
		remark("goeson", goeson[k]) \
		remark("usedon", usedon(k)) \
		remark("replacedon", replacedon[k]) \
		remark("brokenon", brokenon[k]) "}")
}

# Lines are kept until the end of the chunk or run.  Ten or more may be
# divided by a page break where three stand on both sides, best at a blank
# line.
function keepline(i) {
	codeline[++codelines] = out
	codefrom[codelines] = where[i]
	out = ""
	column = 0
}
function flushlines(    i, first, last) {
	first = 1
	last = codelines
	while (first <= last && codeline[first] == "")
		first++
	while (last >= first && codeline[last] == "")
		last--
	for (i = first; i <= last; i++) {
		now = codefrom[i]
		if (last - first >= 9 && i - first >= 3 && last - i >= 2)
			emit(codeline[i] == "" || codeline[i - 1] == "" \
				? "\\nwgoodbreak" : "\\nwbreak")
		emit("\\codeline{" codeline[i] "}")
	}
	codelines = 0
}

# One piece of a line of code, with everything behind // in \nwcomment.
function piece(s, isquiet, link,    i) {
	s = untab(s, column)
	column = columns
	if (indent && out == "" && s ~ /^        /)
		s = substr(s, 1 + indent)
	i = out ~ /\\nwcomment/ || isquiet ? 0 : slashes(s)
	if (i > 0)
		return codetex(substr(s, 1, i - 1)) "\\nwcomment " \
			codetex(substr(s, i))
	if (link)
		return "\\nwident{" link "}{" codetex(s) "}"
	return codetex(s)
}
function slashes(s,    i) {
	i = index(s, "//")
	return i > 1 && substr(s, i - 1, 1) ~ /[:"]/ ? 0 : i
}

# How the chunks of a group of machines stand: beside each other if that
# fits into the text (78 columns), or into text and margin (100).
function machines(i,    n, sum, k, name) {
	k = current
	for (; i <= NR && token[i] != "@text \\end{machines}"; i++)
		if (token[i] ~ /^@begin code/) {
			k++
			n++
			name = length(title[k])*1.25 + 9
			if (width[k] < name)
				width[k] = name
			sum += width[k] + 3
		}
	sum -= 3
	group = n < 2 || sum > 100 ? "stacked" : sum > 78 ? "wide" : "narrow"
	indent = group == "stacked" ? 0 : 4
	return "\\begin{machines}{" group "}%"
}

END {
	for (k = 1; k <= chunks; k++)
		plain[k] = plainname(k)
	for (i = 2; i <= nfiles; i++)
		for (j = i; j > 1 && files[j] < files[j - 1]; j--) {
			name = files[j]
			files[j] = files[j - 1]
			files[j - 1] = name
		}
	for (i = 1; i <= nfiles; i++) {
		for (k = 1; k <= chunks; k++)
			if (from[k] == files[i]) {
				order[k] = ++ordered
				place(k)
			}
		breakings()
	}
	for (i = 1; i <= NR; i++)
		write(token[i], i)
	for (i = 1; i <= written; i++) {
		split(map[i], word, ":")
		if (map[i] != last)
			print "% " i " " word[1] " " word[2]
		last = map[i]
	}
	exit bad
}

function write(t, i,    rest) {
	now = where[i]
	rest = substr(t, 7)
	if (t ~ /^@text /)
		writetext(rest, i)
	else if (t ~ /^@nl/) {
		if (incodenow) {
			if (started++)
				keepline(i)
		} else {
			emit(out)
			out = ""
		}
	} else if (t ~ /^@index use /)
		identifier = substr(t, 12)
	else if (t ~ /^@quote/) {
		inquote = 1
		out = out "\\nwq{"
	} else if (t ~ /^@endquote/) {
		inquote = 0
		out = out "}"
	} else if (t ~ /^@use /)
		writeuse(substr(t, 6), i)
	else if (t ~ /^@begin code/) {
		current++
		incodenow = 1
		started = 0
	} else if (t ~ /^@defn /) {
		if (group != "" && group != "stacked")
			emit("\\machinecell{" width[current] "}%")
		chunkhead(current)
	} else if (t ~ /^@end code/) {
		if (out != "")
			keepline(i)
		flushlines()
		emit("\\chunkend")
		incodenow = 0
	} else if (t ~ /^@end docs/ && out != "") {
		emit(out)
		out = ""
	}
}

function writetext(s, i,    d) {
	d = 0
	if (identifier != "" && !quiet[i]) {
		d = definition(identifier, current)
		if (incodenow && d == current)
			d = 0
	}
	identifier = ""
	if (incodenow)
		out = out piece(s, quiet[i], d)
	else if (inquote)
		out = out (d ? "\\nwident{" d "}{" quotetex(s) "}" : quotetex(s))
	else if (out == "")
		directive(s, i)
	else
		out = out s
}

# A line of documentation.  A few are for this program.
function directive(s, i) {
	if (s ~ /^\\transcript/)
		s = transcript(s)
	else if (s ~ /^\\bug[[{]/)
		s = "%"
	else if (s == "\\begin{machines}")
		s = machines(i)
	else if (s == "\\end{machines}")
		group = indent = ""
	else if (s ~ /^\\nowebchunks/)
		s = chunkindex()
	else if (s ~ /^\\nowebindex/)
		s = identindex()
	out = s
}

# A recorded run, from its file: "# chapter2 arm", "# tools ...", the command,
# the output.  The command written in the chapter is the recorder's affair.
function transcript(s,    name, path, line, head, n, got) {
	match(s, /^\\transcript(\[[^]]*\])?\{/)
	name = substr(s, RLENGTH + 1)
	sub(/\}.*/, "", name)
	path = "transcripts/" name ".txt"
	if ((getline line <path) <= 0) {
		absent(path ": run make record NAME=" name)
		return
	}
	split(line, head, " ")
	emit("\\begin{run}{" tex("code/" head[2]) "}{" head[3] "}")
	while ((got = (getline line <path)) > 0) {
		if (++n == 1 && line ~ /^# tools /)
			continue
		if (line ~ /^\$ /) {
			command(line)
			continue
		}
		line = untab(line, 0)
		if (columns > 72 && !draft)
			complain(path ":" n + 1, "this line is " columns \
				" columns wide: the page has room for 72")
		codeline[++codelines] = codetex(line)
		codefrom[codelines] = now
	}
	close(path)
	flushlines()
	return "\\end{run}"
}

# A command may be too long for a line: it is divided as a shell allows.
function command(s,    i) {
	while (length(s) > 72) {
		for (i = 70; i > 8 && substr(s, i, 1) != " "; i--)
			;
		if (i <= 8)
			break
		emit("\\runcommand{" codetex(substr(s, 1, i) "\\") "}")
		s = "    " substr(s, i + 1)
	}
	emit("\\runcommand{" codetex(s) "}")
}

function writeuse(name, i,    m) {
	m = meant(name, current)
	if (!m)
		complain(where[i], "<<" name ">> is used but not defined")
	out = out "\\nwuse{" m "}{" nametex(name) "}"
	column += length(name) + 4
}

# --- The indexes -----------------------------------------------------

# Puts the keys of an array into result[1], ..., ordered as a reader looks
# for them: signs and brackets do not count.  Returns their number.
function sorted(array, result,    key, n, s, i, j, gap) {
	for (key in array) {
		s = tolower(key)
		gsub(/[^a-z0-9 ]/, "", s)
		result[++n] = s "\t" key
	}
	for (gap = int(n / 2); gap > 0; gap = int(gap / 2))
		for (i = gap + 1; i <= n; i++) {
			s = result[i]
			for (j = i; j > gap && result[j - gap] > s; j -= gap)
				result[j] = result[j - gap]
			result[j] = s
		}
	for (i = 1; i <= n; i++)
		sub(/^[^\t]*\t/, "", result[i])
	return n
}

function chunkindex(    k, n, i, name, all, list) {
	for (k = 1; k <= chunks; k++)
		all[plain[k]] = all[plain[k]] " " k
	n = sorted(all, list)
	for (i = 1; i <= n; i++) {
		name = list[i]
		emit("\\nwindexchunk{" nametex(name) "}{" commas(all[name]) \
			"}{" commas(uses[name]) "}")
	}
}

function identindex(    n, i, j, m, id, list, use, good) {
	n = sorted(defs, list)
	for (i = 1; i <= n; i++) {
		id = list[i]
		m = split(identuses[id], use, " ")
		good = ""
		for (j = 1; j <= m; j++)
			if (definition(id, use[j]))
				good = good " " use[j]
		emit("\\nwindexident{" tex(id) "}{" commas(defs[id]) "}{" \
			commas(good) "}")
	}
}
