# Cuts noweb's token stream at the documentation line \state{S}, so that
# what is tangled is the tree as it stands in the middle of a chapter.
#
#	awk -v state=2.1 -f upto.awk
#
# A chunk that is used before the cut and defined only after it is empty for
# the time being.  Without a state everything passes.  Exit status 1 if S does
# not occur.

state == "" { print; next }

!found && index($0, "@text \\state{" state "}") == 1 {
	found = 1
	print "@nl\n@end docs 0"
}
/^@begin code/ { code = 1 }
/^@end code/ { code = 0 }
/^@defn / {
	name = substr($0, 7)
	if (!found)
		defined[name] = 1
	else if (name in used && !(name in defined)) {
		defined[name] = 1
		print "@begin code 0\n" $0 "\n@nl\n@end code 0"
	}
}
code && !found && /^@use / { used[substr($0, 6)] = 1 }
!found { print }

END {
	if (state != "" && !found) {
		print "there is no \\state{" state "} in these chapters" \
			>"/dev/stderr"
		exit 1
	}
}
