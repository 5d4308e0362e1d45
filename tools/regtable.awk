# Makes the table of a machine's registers.
#
#	awk -f regtable.awk MACHINE/registers.h  >build/registers-MACHINE.tex
#
# Each line MACRO(NAME, ..., "TEXT") of the list is a row; MACRO says in
# which part of the table it stands.  Other lines are skipped.

function escape(text) {
	gsub(/[{}_&%#$]/, "\\\\&", text)
	return text
}
function part(macro, title,    i) {
	if (!rows[macro])
		return
	if (started)
		print "\\swregskip"
	started = 1
	print "\\swregpart{" title "}"
	for (i = 1; i <= rows[macro]; i++)
		print "\\swregrow{" name[macro, i] "}{" text[macro, i] "}"
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
	sub(/ - /, "--", reg)
	name[macro, ++rows[macro]] = escape(reg)
	text[macro, rows[macro]] = escape(said)
}
END {
	print "\\begin{swregisters}"
	part("CALLEE", "saved by the callee, integer")
	part("CALLEE_FP", "saved by the callee, floating point")
	part("CALLEE_CTL", "saved by the callee, control")
	part("CALLEE_FLAG", "saved by the callee, flags")
	part("CALLER", "saved by the caller, integer")
	part("CALLER_FP", "saved by the caller, floating point")
	part("SPECIAL", "special")
	print "\\end{swregisters}"
}
