#include "tap.h"
#include <string.h>
#include <unistd.h>

enum { A, B, C, NStack, Size = 65536, Depth = 50 };
static byte memory[NStack][Size] __attribute__((aligned(16)));
static Stack stk[NStack] = {
	[A] = { .lo = memory[A], .hi = memory[A] + Size },
	[B] = { .lo = memory[B], .hi = memory[B] + Size },
	[C] = { .lo = memory[C], .hi = memory[C] + Size },
};

// The troubles that may be found.
enum { Above = 1, Smashed = 2, There = 4, Lost = 8, Top = 16 };

// The visits, one inside the other: the stack that each asks for.
static int plan[Depth];
static int visits;
static uintptr low[NStack];	// the lowest sp of a frame that waits there
static uintptr seen, found;

static int
within(int i, uintptr sp)
{
	return sp > (uintptr)stk[i].lo && sp < (uintptr)stk[i].hi
		&& sp % StackAlign == 0;
}

static __attribute__((noipa)) void
look(void *arg)
{
	seen = spnow();
	(void)arg;
}

// Visit number arg: looks where it is, fills some memory of its own,
// makes the next visit, then a short one to any of the stacks, and
// looks at the memory again.
static __attribute__((noipa)) void
visit(void *arg)
{
	intptr n = (intptr)arg;
	uintptr size = 4 + rnd() % 40, key = rnd(), sp, was, i;
	volatile uintptr *own = __builtin_alloca(size * sizeof *own);

	sp = spnow();
	if(!within(plan[n], sp))
		finish(-1 & ~Above);
	if(sp >= low[plan[n]])
		finish(-1);
	for(i = 0; i < size; i++)
		own[i] = key + i;
	was = low[plan[n]];
	low[plan[n]] = sp;
	if(n + 1 < visits)
		onstack(&stk[plan[n+1]], visit, (void *)(n + 1));
	i = rnd() % NStack;
	onstack(&stk[i], look, nil);
	if(!within(i, seen) || seen >= low[i])
		finish(-1 & ~There);
	low[plan[n]] = was;
	for(i = 0; i < size; i++)
		if(own[i] != key + i)
			found |= Smashed;
	if(spnow() != sp)
		found |= Smashed;
}

static __attribute__((noipa)) void
begin(void *arg)
{
	(void)arg;
	onstack(&stk[plan[0]], visit, nil);
}

// Where look finds itself on each stack.
static void
tops(uintptr *sp)
{
	int i;

	for(i = 0; i < NStack; i++) {
		onstack(&stk[i], look, nil);
		sp[i] = seen;
	}
}

static uintptr
go(void)
{
	uintptr first[NStack], again[NStack];
	int i;

	tops(first);
	for(i = 0; i < NStack; i++) {
		if(!within(i, first[i]))
			found |= There;
		low[i] = (uintptr)stk[i].hi;
	}
	if(*lost(begin, nil) != '\0')
		found |= Lost;
	tops(again);
	if(memcmp(first, again, sizeof first) != 0)
		found |= Top;
	return found;
}

static uintptr
detour(void)
{
	plan[0] = plan[2] = A;
	plan[1] = B;
	visits = 3;
	return go() | go();
}

static uintptr
deep(void)
{
	int i, k;

	visits = Depth;
	for(k = 0; k < 20; k++) {
		for(i = 0; i < Depth; i++)
			plan[i] = rnd() % NStack;
		go();
	}
	return found;
}

int
main(void)
{
	uintptr t;

	endafter(10);
	t = troubles(detour);
	verdict(!(t & Above), "A, B, A: the new frame is below the one that waits",
		"see the rule in \"Returning on a smashed frame\": below "
		"everything that is still in use");
	verdict(!(t & Smashed), "A, B, A: the frame that waits is intact",
		"what is in use on A includes what onstack and runon "
		"themselves have put there");
	verdict(!(t & There), "A, B, A: each runs on the stack it asked for",
		"see \"A second stack\"");
	verdict(!(t & Lost), "A, B, A: nothing is lost",
		"see \"Sentinels\"");
	verdict(!(t & Top), "A, B, A: all stacks are free again afterwards",
		"when fn returns, as much of its stack is in use as before "
		"the call");
	t = troubles(deep);
	verdict(!(t & (Above | Smashed)), "50 visits to three stacks: all intact",
		"each visit must put back what it found, and several may "
		"wait on one stack");
	verdict(!(t & There), "50 visits: each runs on the stack it asked for",
		"which stack are we on after onstack has returned?");
	verdict(!(t & Lost), "50 visits: nothing is lost", "see \"Sentinels\"");
	verdict(!(t & Top), "50 visits: all stacks are free again afterwards",
		"when fn returns, as much of its stack is in use as before "
		"the call");
	return done();
}
