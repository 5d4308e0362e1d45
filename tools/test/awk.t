#!/bin/sh
# The book is woven, and its figures drawn, alike with each awk that is there.
. tools/test/lib.sh

if ! command -v noweave >/dev/null; then
	echo 'ok - awk # SKIP noweb is not installed'
	exit
fi
repository=$(cd "$(readlink tools)/.." && pwd)
mkdir bin
with() {
	printf '#!/bin/sh\nexec %s "$@"\n' "$1" >bin/awk
	chmod +x bin/awk
	(
		PATH=$PWD/bin:$PATH
		place=$PWD
		cd "$repository" || exit 1
		sh tools/weave --draft
		for fig in figures/*.fig; do
			awk -f tools/figure.awk -f tools/figure-stack.awk \
				-f tools/figure-switches.awk "$fig" \
				"${fig%.fig}.data"
		done
		awk -f tools/numbers.awk transcripts/bench.txt
		rm -rf "$place/.tangled" "$place/tree" "$place/broken"
		sh tools/tangle 1 "$place/tree" >&2 || exit
		sh tools/tangle --keep 3 "$place/tree" >&2 || exit
		sh tools/tangle --broken loop 7 "$place/broken" >&2 || exit
		find "$place/tree" "$place/broken" -type f | sort |
			xargs sha256sum
		awk -f tools/regtable.awk "$place/tree/arm/registers.h"
	) 2>said.awk
}
usual=$(readlink -f "$(command -v awk)")
with "$usual" >usual
check 'much is written' [ "$(wc -l <usual)" -gt 10000 ]
for awk in mawk 'gawk --posix' original-awk 'busybox awk'; do
	program=$(command -v "${awk%% *}") || continue
	with "$program${awk#"${awk%% *}"}" >other
	check "$awk: the same" cmp usual other
done
