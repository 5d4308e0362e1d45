#!/bin/sh
# make deps: what is missing is named; what is there costs nothing; nothing is
# removed; an interrupted dpkg is no obstacle.
. tools/test/lib.sh

mkdir other bin
cp tools/deps other
arch=$(dpkg --print-architecture)
echo 'dpkg  # is everywhere' >other/packages
says 'nothing is missing' 0 '^deps: nothing is missing$' sh other/deps
echo "no-such-package  # nowhere
no-such-thing [!$arch]  # not here
no-such-place [$arch]" >>other/packages
says 'what is missing is named' 1 \
	'^deps: missing: no-such-package no-such-place$' sh other/deps -n

# From here on apt-get, dpkg and sudo only say what they are asked.
cat >bin/apt-get <<'end'
#!/bin/sh
echo "apt-get $*" >>asked
case " $* " in
*' -s '*) cat simulated ;;
*' install no-such'*) exit "${APT:-0}" ;;
esac
end
printf '#!/bin/sh\nexec "$@"\n' >bin/sudo
cat >bin/dpkg <<'end'
#!/bin/sh
case $1 in
--audit) cat audit ;;
--configure) echo "dpkg $*" >>asked ;;
*) exec /usr/bin/dpkg "$@" ;;
esac
end
chmod +x bin/*
deps() { rm -f asked; PATH=$PWD/bin:$PATH sh other/deps; }
: >audit
echo 'Inst no-such-package (1)' >simulated
says 'installing' 0 '^deps: installed: no-such-package no-such-place$' deps
check 'it never removes' sh -c '! grep -v -e --no-remove -e " -s " asked'
check 'a healthy dpkg is left alone' sh -c '! grep -q "^dpkg\|-f" asked'
echo 'gcc-12 is not configured' >audit
says 'after an interruption' 0 '^deps: first completing what was int' deps
check 'dpkg goes on where it was' grep -q '^dpkg --configure -a' asked
: >audit
echo 'Remv gcc-multilib [4:12] (x)' >>simulated
says 'what excludes it is named' 1 \
	'^deps: this would remove gcc-multilib; nothing was installed' deps
check 'and nothing is installed' sh -c '! grep -v " -s " asked | grep "install no"'
sed -i 1d simulated
: >simulated
says 'a failure is said' 1 '^deps: apt-get failed' env APT=100 sh -c \
	'PATH=$PWD/bin:$PATH sh other/deps'
