# Carries out replacements in noweb's token stream.
#
# <<replace: X>>= takes the place of every definition of X before it:
# those keep their text but get a name that nobody uses, so noweb still
# counts their lines.  <<broken B: X>>= is left out in the same way, unless
# that broken version is asked for (-v bug=B): then it is the other
# definitions of X that are left out.

{ line[NR] = $0 }

/^@defn / {
	name = substr($0, 7)
	if (name ~ /^replace: /) {
		name = substr(name, 10)
		for (i = 1; i <= count[name]; i++)
			line[where[name, i]] = "@defn replaced: " name
		count[name] = 0
	} else if (name ~ /^broken [a-z0-9-]+: /) {
		split(name, word, /[ :]/)
		if (word[2] != bug)
			next
		sub(/^broken [a-z0-9-]+: /, "", name)
		broken[name] = 1
		line[NR] = "@defn " name
		next
	}
	where[name, ++count[name]] = NR
	line[NR] = "@defn " name
}

END {
	for (name in broken)
		for (i = 1; i <= count[name]; i++)
			line[where[name, i]] = "@defn replaced: " name
	for (i = 1; i <= NR; i++)
		print line[i]
}
