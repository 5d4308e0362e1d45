# Makes TeX of the recorded measurements.
#
#	awk -f numbers.awk transcripts/bench.txt  >build/numbers.tex
#
# Each line KEY VALUE UNIT... becomes what \measured{KEY} prints.  Lines
# that begin with # or $ say where and how it was measured.

/^[#$]/ || NF < 2 { next }
{
	key = $1
	$1 = ""
	sub(/^ /, "")
	gsub(/[{}_&%#$]/, "\\\\&")
	sub(/ /, "~")
	print "\\setnumber{" key "}{" $0 "}"
}
