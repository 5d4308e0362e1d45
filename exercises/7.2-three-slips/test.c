// Calls, callbacks and switches, and where the lines are.
#include "tap.h"

#define GUEST "chapter 7, \"A guest on g0's stack\""
#define ARG "chapter 7, \"The argument\""

enum { Above = 1, Below = 2, Own = 4, Guest = 8, Words = 16 };
static uintptr found, line, goline;

static void
other(void *arg)
{
	(void)arg;
	for(;;)
		gosched();
}

static void
deeper(void *arg)
{
	(void)arg;
}

// On the goroutine's stack, called back.
static void
inside(void *arg)
{
	if(m->g0->sched.sp >= *(uintptr *)arg)
		found |= Below;
	gosched();
	callforeign(deeper, nil);
	gosched();
}

static __attribute__((noipa)) void
foreign(void *arg)
{
	volatile uintptr pattern[Words];
	uintptr here = (uintptr)pattern;
	int i;

	(void)arg;
	for(i = 0; i < Words; i++)
		pattern[i] = 0x5a5a0000 + i;
	goline = m->curg->sched.sp;
	callback(inside, &here);
	if(m->curg->sched.sp != goline)
		found |= Own;
	for(i = 0; i < Words; i++)
		if(pattern[i] != 0x5a5a0000 + (uintptr)i)
			found |= Guest;
	if(m->g0->sched.sp != line)
		found |= Above;
	callback(deeper, nil);
}

static void
run(void)
{
	int i;

	go(other, (int){ 0 });
	line = m->g0->sched.sp;
	for(i = 0; i < 3; i++) {
		callforeign(foreign, nil);
		if(m->g0->sched.sp != line)
			found |= Above;
		if(found != 0)
			finish(found);
	}
	finish(0);
}

static uintptr
child(void)
{
	rtstart(run);
}

int
main(void)
{
	uintptr f = troubles(child);

	verdict(!(f & Below), "during a callback the line is below the guest",
		"Whoever waits on g0's stack must be above m->g0->sched.sp when "
		"the goroutine runs: see " ARG);
	verdict(!(f & Guest), "the guest's frame stays as it is",
		"The scheduler has written there");
	verdict(!(f & Above), "afterwards the line is where it was",
		"The old value was pushed: see " GUEST);
	verdict(!(f & Own), "and the goroutine's own line, too",
		"gp->sched.sp says where its stack is free.  Each stop of the "
		"goroutine in the callback overwrites it");
	return done();
}
