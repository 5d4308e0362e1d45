// Questions that foreign code asks, with switches, and where the lines
// are.
#include "tap.h"

#define GUEST "chapter 7, \"A guest on g0's stack\""
#define ARG "chapter 7, \"The argument\""

enum { Above = 1, Below = 2, Own = 4, Guest = 8, Result = 16 };
enum { Words = 16 };
static uintptr line, goline;

static void
other(void *arg)
{
	(void)arg;
	for(;;)
		gosched();
}

static uintptr
deeper(void *arg)
{
	return *(uintptr *)arg + 1;
}

static void
asks(void *arg)
{
	uintptr low = m->g0->sched.sp;
	uintptr result = askback(deeper, arg);

	if(m->g0->sched.sp != low)
		finish(Above);
	if(result != *(uintptr *)arg + 1)
		finish(Result);
}

// On the goroutine's stack, called back.  The first wrong line ends
// the test, before anything relies on it.
static uintptr
inside(void *arg)
{
	uintptr n = rnd();

	if(m->g0->sched.sp >= *(uintptr *)arg)
		finish(Below);
	gosched();
	callforeign(asks, &n);
	gosched();
	return *(uintptr *)arg ^ 0x5a5a;
}

static __attribute__((noipa)) void
foreign(void *arg)
{
	volatile uintptr pattern[Words];
	uintptr here = (uintptr)pattern, result;
	int i;

	(void)arg;
	for(i = 0; i < Words; i++)
		pattern[i] = 0x5a5a0000 + i;
	goline = m->curg->sched.sp;
	result = askback(inside, &here);
	if(m->curg->sched.sp != goline)
		finish(Own);
	if(m->g0->sched.sp != line)
		finish(Above);
	for(i = 0; i < Words; i++)
		if(pattern[i] != 0x5a5a0000 + (uintptr)i)
			finish(Guest);
	if(result != (here ^ 0x5a5a))
		finish(Result);
	asks(&here);
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
			finish(Above);
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
	uintptr f;

	rnd();
	f = troubles(child);
	verdict(!(f & Below), "point 2: below the line nothing is in use "
		"when a goroutine runs",
		"A guest is on g0's stack, and the goroutine runs that it has "
		"asked: m->g0->sched.sp is above the guest's frame.  What "
		"will mcall write there?  See " ARG);
	verdict(!(f & Guest), "the guest's frame stays as it is",
		"The scheduler has written there: see " ARG);
	verdict(!(f & Above), "point 4: the line goes up again when the "
		"callback returns",
		"m->g0->sched.sp is not what it was before: see " GUEST);
	verdict(!(f & Own), "the goroutine's own line is put back",
		"gp->sched.sp says where its stack is free while foreign code "
		"runs.  Each stop of the goroutine in the callback has "
		"overwritten it: see " GUEST);
	verdict(!(f & Result), "the answer is what fn has returned",
		"The register with the result may not be used on the way "
		"back");
	return done();
}
