# Decides about each file of a tree that is made anew.
#
#	awk -v keep=1 -v dir=DIR -f tangled.awk NOW THEN HERE
#
# The three files are lines of sha256sum: what the book says now, what it has
# said (the list in the tree), and what is in the tree.  Writes lists of names
# to DIR: put (to be written), drop (to be removed), kept (with keep only: what
# is neither of the first two, so its reader's), and after, the tree's new list.

function add(file, line)
{
	print line >(dir "/" file)
}

BEGIN {
	n = split("put drop kept after", files, " ")
	for (i = 1; i <= n; i++)
		printf "" >(dir "/" files[i])
}
FILENAME == ARGV[1] { now[$2] = $1; order[++count] = $2; next }
FILENAME == ARGV[2] {
	said[$2, $1] = 1
	before[$2] = before[$2] sep[$2] $0
	sep[$2] = "\n"
	if (!known[$2]++)
		old[++olds] = $2
	next
}
{ there[$2] = $1 }
END {
	for (i = 1; i <= count; i++) {
		file = order[i]
		if (keep && file in there && there[file] != now[file] &&
		    !((file, there[file]) in said)) {
			why = "changed"
			if (file in before) {
				add("after", before[file])
				if (!((file, now[file]) in said))
					why = "overtaken"
			}
			add("kept", why " " file)
			continue
		}
		add("after", now[file] "  " file)
		if (there[file] != now[file])
			add("put", file)
	}
	for (i = 1; i <= olds; i++) {
		file = old[i]
		if (!(file in now) && file in there &&
		    (!keep || (file, there[file]) in said))
			add("drop", file)
	}
}
