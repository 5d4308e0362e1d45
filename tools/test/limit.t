#!/bin/sh
# tools/limit: the time is that in which it was awake.
. tools/test/lib.sh

says 'a program within its limits' 7 '^hello$' \
	tools/limit 60 100 sh -c 'echo hello; exit 7'
says 'one that takes too long' 124 '^not ok - did not end within 1 seconds' \
	tools/limit 1 100 sleep 60
says 'one that writes too much' 124 '^not ok - wrote too much' \
	tools/limit 60 100 yes
says 'one that is not there' 127 '^not ok - cannot run no-such-program' \
	tools/limit 60 100 no-such-program
says 'one that closes its output and runs on' 124 '^not ok - did not end' \
	tools/limit 1 100 sh -c 'exec >&- 2>&-; sleep 60'
says 'a child that holds the output' 0 '^done$' \
	tools/limit 60 100 sh -c 'setsid sleep 1000 & echo done'
tools/limit -w words 60 100 sh -c 'echo out; echo err >&2' >out
check 'the two outputs apart' [ "$(cat out) $(cat words)" = 'out err' ]

# The wall clock jumps when the file "jump" says so.
cat >clock.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>

static long
jump(void)
{
	long n = 0;
	FILE *f = fopen("jump", "r");

	if(f == NULL)
		return 0;
	if(fscanf(f, "%ld", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

int
clock_gettime(clockid_t id, struct timespec *t)
{
	int (*real)(clockid_t, struct timespec *) =
		dlsym(RTLD_NEXT, "clock_gettime");
	int r = real(id, t);

	if(id == CLOCK_REALTIME)
		t->tv_sec += jump();
	return r;
}

int
gettimeofday(struct timeval *restrict t, void *restrict zone)
{
	struct timespec s;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &s);
	t->tv_sec = s.tv_sec;
	t->tv_usec = s.tv_nsec/1000;
	return 0;
}
END
gcc -shared -fPIC -o clock.so clock.c -ldl
now() {
	LD_PRELOAD=./clock.so perl -MTime::HiRes -e 'printf "%d\n", Time::HiRes::time'
}
before=$(now)
echo 3600 >jump
check 'the wall clock can be made to jump here' [ "$(now)" -gt $((before + 3000)) ]
rm jump
says 'the clock goes an hour forward' 0 '^done$' env LD_PRELOAD=./clock.so \
	tools/limit 60 100 sh -c 'sleep 0.5; echo 3600 >jump; sleep 0.5; echo done'
rm jump
says 'the clock goes an hour back' 124 '^not ok - did not end' timeout 20 \
	env LD_PRELOAD=./clock.so \
	tools/limit 2 100 sh -c 'sleep 0.5; echo -3600 >jump; sleep 60'
rm jump

# stopped SIGNAL SECONDS: an awake time of 1.2 seconds, with a stop in it.
stopped() {
	tools/limit 3 1000 perl -MTime::HiRes=sleep -e '$| = 1;
		for (1 .. 12) { sleep 0.1; print "$_\n" }' >ticks &
	sleep 0.6
	kill -s "$1" $!
	sleep 0.3
	early=$(wc -l <ticks)
	sleep "$2"
	late=$(wc -l <ticks)
	kill -CONT $!
	wait $!
}
stopped STOP 5
check 'one that ends while the tool is stopped' [ $? = 0 ]
check 'all it wrote is there' [ "$(wc -l <ticks)" = 12 ]
stopped TSTP 5
check 'a stop from the terminal costs no time' [ $? = 0 ]
check 'the program stops as well' [ "$late" -le "$early" ]
check 'and goes on' [ "$(wc -l <ticks)" = 12 ]

export PERL_UNICODE=SAD
says 'perl is asked for UTF-8' 0 '^ä' tools/limit 60 100 printf 'ä\n'
