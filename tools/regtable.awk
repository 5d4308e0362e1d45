# Makes the table of a machine's registers.
#
#	awk -f regtable.awk MACHINE/registers.h  >build/registers-MACHINE.tex
#
# Each line MACRO(NAME, ..., "TEXT") of the list is a row; MACRO says in
# which part of the table it stands.  Other lines are skipped.

function tex(text) {
	gsub(/[{}_&%#$]/, "\\\\&", text)
	return text
}
function part(macro, title,    i) {
	if (!rows[macro])
		return
	print "\\registergroup{" title "}"
	for (i = 1; i <= rows[macro]; i++)
		print name[macro, i] " & " text[macro, i] "\\\\"
}
/^[A-Z_]+\(.*"\)$/ {
	macro = $0
	sub(/\(.*/, "", macro)
	reg = $0
	sub(/^[A-Z_]+\(/, "", reg)
	sub(/,.*/, "", reg)
	said = $0
	sub(/^[^"]*"/, "", said)
	sub(/"\)$/, "", said)
	sub(/ - /, "–", reg)
	name[macro, ++rows[macro]] = tex(reg)
	text[macro, rows[macro]] = tex(said)
}
END {
	print "\\begin{registers}"
	part("CALLEE", "callee-saved: integer")
	part("CALLEE_FP", "callee-saved: floating point")
	part("CALLEE_CTL", "callee-saved: control")
	part("CALLEE_FLAG", "callee-saved: flags")
	part("CALLER", "caller-saved: integer")
	part("CALLER_FP", "caller-saved: floating point")
	part("SPECIAL", "neither")
	print "\\end{registers}"
}
