# Gives each version of a chunk a name of its own, so that noweb's
# cross-referencer keeps the versions apart.
#
#	awk -f versions.awk  <tokens in the order of the chapters  >tokens
#
# <<replace: X>>= begins version 2 of X, which is called "X;2" from here on;
# tools/pages.awk takes the number off again.  <<broken B: X>>= keeps its
# name, which no other chunk has.

/^@(defn|use) / {
	name = substr($0, index($0, " ") + 1)
	if (name ~ /^replace: /) {
		name = substr(name, 10)
		version[name] += version[name] ? 1 : 2
	}
	if (version[name])
		$0 = $1 " " name ";" version[name]
	else
		$0 = $1 " " name
}
{ print }
