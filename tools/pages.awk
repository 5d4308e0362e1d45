# Puts noweb's token stream into the order of the pages, and adds what our
# pages tell about chunks beyond noweb's own cross-references.
#
#	awk -f pages.awk  <tokens in the order of the chapters  >tokens
#
# The input comes from noweb's cross-referencer, with the chapters in the
# order in which they are tangled and book.nw at the end; in the output
# book.nw comes first, each line \chapterfile{FILE} has become that file,
# and \nowebchunks and \nowebindex have become the lists of chunks and
# identifiers.  TeX macros go through the back end as @literal:
#	\swchunk{LINES}{COLUMNS}	the size of the chunk that follows
#	\swversion{WORDS}{LABELS}	how it is related to other versions
#	\swidententry{NAME}{LABELS OF DEFINITIONS}{LABELS OF USES}
# A comment ">>> FILE LINE" says which line of which file comes next, so
# that tools/book can name the place of a TeX error.

function isroot(name) {
	return name !~ / / && (name ~ /\./ || name == "Makefile")
}
# What stands on the page for a chunk's name.
function shown(name,    bug) {
	sub(/;[0-9]+$/, "", name)
	if (name ~ /^broken [a-z0-9-]+: /)
		sub(/^broken [a-z0-9-]+: /, "", name)
	return isroot(name) ? "[[" name "]]" : name
}
# What stands in the index of chunks; a broken version stands behind the
# true one.
function indexed(name,    word) {
	if (name ~ /^broken /) {
		split(name, word, /[ :]/)
		return shown(name) ", broken: " word[2]
	}
	return shown(name)
}
function version(name) {
	return match(name, /;[0-9]+$/) ? substr(name, RSTART + 1) + 0 : 1
}
function previous(name,    k) {
	k = version(name)
	sub(/;[0-9]+$/, "", name)
	return k > 2 ? name ";" k - 1 : name
}
function latest(name,    k) {
	for (k = 2; (name ";" k) in firstlabel; k++)
		;
	return k > 2 ? name ";" k - 1 : name
}
function escape(text) {
	gsub(/[{}_&%#$]/, "\\\\&", text)
	return text
}
function literal(text) { print "@literal " text }

# A list of labels "L1 L2 ..." in the order of the pages, for TeX.
function ordered(list,    label, n, i, j, t, out) {
	n = split(list, label, " ")
	for (i = 2; i <= n; i++) {
		t = label[i]
		for (j = i - 1; j > 0 && place[label[j]] > place[t]; j--)
			label[j+1] = label[j]
		label[j+1] = t
	}
	for (i = 1; i <= n; i++)
		out = out "\\\\{" label[i] "}"
	return out
}

# Reads everything, and notes per chunk: its labels, its size, its uses.
# A broken version breaks the version that is the latest when its chapter
# ends.
{ line[NR] = $0 }
/^@file / || /^@xref beginchunks/ {
	for (; resolved < nbroken; resolved++)
		truth[resolved+1] = latest(truth[resolved+1])
}
/^@file / {
	file = substr($0, 7)
	first[file] = NR
	last[file] = NR
	next
}
/^@xref beginchunks/ || /^@index beginindex/ { lists = 1 }
lists {
	collect()
	next
}
{ last[file] = NR }
/^@begin code/ {
	begin = NR
	lines[begin] = width[begin] = columns = 0
	body = 0
	next
}
/^@xref label / && !body { label[begin] = $3; next }
/^@defn / {
	name = substr($0, 7)
	chunk[begin] = name
	if (!(name in firstlabel)) {
		firstlabel[name] = label[begin]
		if (name ~ /^broken /) {
			split(name, word, /[ :]/)
			target = name
			sub(/^broken [a-z0-9-]+: /, "", target)
			brokenin[++nbroken] = name
			truth[nbroken] = target
		}
	}
	next
}
/^@xref useitem / { uses[chunk[begin]] = uses[chunk[begin]] " " $3; next }
begin && /^@nl/ {
	if (body) {
		lines[begin]++
		if (columns > width[begin])
			width[begin] = columns
	}
	body = 1
	columns = 0
	next
}
begin && body && /^@text / { columns += length($0) - 6 }
begin && body && /^@use / { columns += length(shown(substr($0, 6))) + 6 }
/^@end code/ { begin = 0 }

# The lists at the end of the stream: of chunks, of identifiers.
function collect(    rest) {
	if ($2 == "chunkbegin") {
		rest = $0
		sub(/^@xref chunkbegin [^ ]+ /, "", rest)
		entry = indexed(rest)
		kind = "c"
		if (!(entry in centry))
			cname[++nc] = entry
		if (!(entry in cfirst))
			cfirst[entry] = $3
	} else if ($2 == "chunkuse") {
		centry[entry] = centry[entry] " u" $3
	} else if ($2 == "chunkdefn") {
		centry[entry] = centry[entry] " d" $3
	} else if ($2 == "entrybegin") {
		entry = $4
		iname[++ni] = entry
	} else if ($2 == "entrydefn") {
		idefs[entry] = idefs[entry] " " $3
	} else if ($2 == "entryuse") {
		iuses[entry] = iuses[entry] " " $3
	}
}

# Sorts name[1..n] as a reader looks things up: by letters and digits.
function key(text,    k) {
	k = tolower(text)
	gsub(/[^a-z0-9]/, "", k)
	return k " " text
}
function sortnames(name, n,    i, j, t, tk, k) {
	for (i = 1; i <= n; i++)
		k[i] = key(name[i])
	for (i = 2; i <= n; i++) {
		t = name[i]
		tk = k[i]
		for (j = i - 1; j > 0 && k[j] > tk; j--) {
			name[j+1] = name[j]
			k[j+1] = k[j]
		}
		name[j+1] = t
		k[j+1] = tk
	}
}
function listchunks(    i, j, n, item) {
	sortnames(cname, nc)
	print "@xref beginchunks"
	for (i = 1; i <= nc; i++) {
		print "@xref chunkbegin " cfirst[cname[i]] " " cname[i]
		n = split(centry[cname[i]], item, " ")
		for (j = 1; j <= n; j++)
			print "@xref chunk" (item[j] ~ /^u/ ? "use" : "defn") \
				" " substr(item[j], 2)
		print "@xref chunkend"
	}
	print "@xref endchunks"
}
function listidents(    i, name) {
	sortnames(iname, ni)
	for (i = 1; i <= ni; i++) {
		name = iname[i]
		literal("\\swidententry{" escape(name) "}{" \
			ordered(idefs[name]) "}{" ordered(iuses[name]) "}%")
		print "@nl"
	}
}

# The size of the chunk that begins at line i, and its other versions.
function relations(i,    name, k, j) {
	literal("\\swchunk{" lines[i] "}{" width[i] "}")
	name = chunk[i]
	if (name ~ /^broken /) {
		for (j = 1; brokenin[j] != name; j++)
			;
		k = truth[j]
		split(name, word, /[ :]/)
		if (k in firstlabel)
			literal("\\swversion{broken \\swbug{" word[2] \
				"}, true one on}{\\\\{" firstlabel[k] "}}")
		else
			literal("\\swversion{broken \\swbug{" word[2] \
				"}}{}")
		return
	}
	if (label[i] == firstlabel[name]) {
		if (version(name) > 1)
			literal("\\swversion{replaces}{\\\\{" \
				firstlabel[previous(name)] "}}")
		k = ""
		for (j = 1; j <= nbroken; j++)
			if (truth[j] == name)
				k = k "\\\\{" firstlabel[brokenin[j]] "}"
		if (k != "")
			literal("\\swversion{broken on}{" k "}")
	}
	k = name
	sub(/;[0-9]+$/, "", k)
	k = k ";" version(name) + 1
	if (k in firstlabel)
		literal("\\swversion{replaced on}{\\\\{" firstlabel[k] "}}")
}

function show(i,    text, n, word, j, name) {
	text = line[i]
	if (text ~ /^@begin code/) {
		now = i
		relations(i)
	} else if (text ~ /^@defn /)
		text = "@defn " shown(substr(text, 7))
	else if (text ~ /^@use /)
		text = "@use " shown(substr(text, 6))
	else if (text ~ /^@xref notused /) {
		# A replaced chunk is used where its first version was.
		name = chunk[now]
		while (version(name) > 1 && !uses[name])
			name = previous(name)
		if (uses[name] && label[now] == firstlabel[chunk[now]]) {
			print "@xref beginuses"
			n = split(uses[name], word, " ")
			for (j = 1; j <= n; j++)
				print "@xref useitem " word[j]
			text = "@xref enduses"
		} else
			text = "@xref notused " shown(substr(text, 15))
	}
	print text
}
function marker(file, at) {
	print "@literal % >>> " file " " at
	print "@nl"
}
function showfile(file,    i, at, name) {
	print line[first[file]]
	if (file != "book.nw") {
		print "@begin docs 0"
		marker(file, 1)
		print "@end docs 0"
	}
	at = 1
	for (i = first[file] + 1; i <= last[file]; i++) {
		if (line[i] ~ /^@nl|^@index nl/)
			at++
		if (file == "book.nw" && line[i] ~ /^@text \\chapterfile\{/) {
			name = substr(line[i], 20)
			sub(/\}.*/, "", name)
			if (!(name in first)) {
				print file ":" at ": there is no " name \
					>"/dev/stderr"
				exit 1
			}
			print "@nl\n@end docs 0"
			showfile(name)
			print "@begin docs 0\n@nl"
			marker(file, at)
		} else if (line[i] == "@text \\nowebchunks")
			listchunks()
		else if (line[i] == "@text \\nowebindex")
			listidents()
		else
			show(i)
	}
}
# The order of the pages is needed before the lists are made.
function places(file,    i, name) {
	for (i = first[file]; i <= last[file]; i++) {
		if (line[i] ~ /^@xref label /)
			place[substr(line[i], 13)] = ++nplaces
		if (file == "book.nw" && line[i] ~ /^@text \\chapterfile\{/) {
			name = substr(line[i], 20)
			sub(/\}.*/, "", name)
			if (name in first)
				places(name)
		}
	}
}
END {
	places("book.nw")
	showfile("book.nw")
}
