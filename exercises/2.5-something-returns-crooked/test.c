// Coroutines on stacks of any size and place, whose stack pointer is
// looked at when they begin, when they run, and when they have ended.
#include "tap.h"
#include <unistd.h>

#define FIRSTCALL "chapter 2, \"A first call on a new stack\""

enum { Rounds = 50, Size = 16384 };

static G co, inner, *dying;
static byte stack[2][Size], *lo, *hi;
static int crookedfirst, crookedrun, crookedend, ends, elsewhere, notg;

// On which stack are we, and how?
static int
crooked(void)
{
	uintptr sp = spnow();

	elsewhere += sp < (uintptr)lo || sp >= (uintptr)hi;
	return sp % StackAlign;
}

// The hook.
static void
atend(void)
{
	int off = crooked();

	if(off != 0)
		crookedend = off;
	notg += g != dying;
	ends++;
}

static __attribute__((noipa)) void
dive(int depth, uintptr v)
{
	if(depth > 0)
		dive(depth - 1, v);
	else
		yield(v);
	if(crooked() != 0)
		crookedrun = crooked();
}

static void
body(void *arg)
{
	int n = *(int *)arg, off = crooked();

	if(off != 0)
		crookedfirst = off;
	for(; n > 0; n--)
		dive(n % 7, n);
}

// One coroutine of n yields, from its beginning to its end, on the
// stack of whoever calls.
static void
live(void *arg)
{
	uintptr v;
	int n = *(int *)arg;

	newcoro(&co, lo, hi - lo, body, &n);
	while(resume(&co, &v))
		;
	resume(&co, &v);
}

static int
fail(const char *name, const char *fmt, int off)
{
	ok(0, "%s", name);
	note(fmt, off, (int)StackAlign);
	note("What a function expects of the stack pointer: " FIRSTCALL);
	return 0;
}

// Looks at what was found; returns if all was right.
static int
right(const char *name, int want)
{
	if(crookedfirst)
		return fail(name, "its function begins crooked: the stack "
			"pointer is %d more than a multiple of %d",
			crookedfirst);
	if(crookedrun)
		return fail(name, "its frames are crooked: the stack "
			"pointer is %d more than a multiple of %d",
			crookedrun);
	if(ends != want)
		return fail(name, "atcoroexit was called %d times for one "
			"end", ends);
	if(elsewhere)
		return fail(name, "something ran on another stack (%d)",
			elsewhere);
	if(notg)
		return fail(name, "in atcoroexit, g is not the coroutine "
			"that ends", 0);
	if(crookedend)
		return fail(name, "when its function has returned, the "
			"stack pointer is %d more than a multiple of %d",
			crookedend);
	return 1;
}

static int
trial(const char *name, uintptr skip, uintptr size, int n, int within)
{
	uintptr v;

	lo = stack[0] + skip;
	hi = lo + size;
	crookedfirst = crookedrun = crookedend = ends = 0;
	elsewhere = notg = 0;
	dying = &co;
	if(!within)
		live(&n);
	else {
		newcoro(&inner, stack[1] + skip, size, live, &n);
		resume(&inner, &v);
		ends--, elsewhere--, notg--;	// of inner
	}
	return right(name, 1);
}

// A hook as people write them: it keeps a vector on its stack.
typedef int Vector __attribute__((vector_size(16)));

static __attribute__((noipa)) void
use(volatile Vector *v)
{
	(*v)[0]++;
}

static void
vectors(void)
{
	volatile Vector v = { 1, 2, 3, 4 };

	use(&v);
}

static void
livewithvectors(void)
{
	int n = 3;

	atcoroexit = vectors;
	live(&n);
}

static int
many(const char *name, int within)
{
	int i;

	for(i = 0; i < Rounds; i++)
		if(!trial(name, rnd() % 64, 8192 + rnd() % 4096,
			rnd() % 10, within))
			return 0;
	ok(1, "%s", name);
	return 1;
}

int
main(void)
{
	const char *s = "a coroutine ends as straight as it began";
	int k;

	endafter(10);
	atcoroexit = atend;
	for(k = 0; k < 4; k++)
		if(!trial(s, 0, Size, k, 0))
			return done();
	ok(1, "%s", s);
	if(!many("on stacks of any size", 0))
		return done();
	if(!many("one that another one has resumed", 1))
		return done();
	crashes(livewithvectors, 0, "");
	return done();
}
