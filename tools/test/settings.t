#!/bin/sh
# Settings of the reader's machine on which nothing may depend.
. tools/test/lib.sh

book good replace
cp -r tools/test/exercises/1.1-twice exercises
cat >commands <<'end'
set -e
rm -rf build code work transcripts
native=$(uname -m | sed 's/x86_64/amd64/')
make chapter1 TARGET="$native"
make broken-thrice TARGET="$native"
make hint-1.1
make exercise-1.1 || true
make record NAME=six
end
passes='^transcripts/six.txt: recorded'

says 'a language that is not installed' 0 "$passes" \
	env LANG=tlh_KX.UTF-8 LANGUAGE=tlh:de sh commands
check 'is not complained about' sh -c '! grep -i locale said'
says 'rules of POSIX, folders to look in, characters for perl' 0 "$passes" \
	env POSIXLY_CORRECT=1 CDPATH=/:. PERL_UNICODE=SAD sh commands

# A disk that keeps no run bits.
cp -rL tools lame
find lame -type f -exec chmod a-x {} +
rm tools
mv lame tools
says 'no run bits' 0 "$passes" sh commands
cp -r tools/check.d parts
says 'make check without them' 0 '^tangle .* 1 ok' sh -c '
	rm tools/check.d/*
	printf "#!/bin/sh\necho ok 1\necho 1..1\n" >tools/check.d/10-tangle
	make check'
