#include "tap.h"
#include <string.h>
#include <unistd.h>

enum { Size = 16384, Edge = 64 };
static byte memory[2][Size + Edge] __attribute__((aligned(16)));

// The troubles that may be found.
enum {
	Once = 1, There = 2, Aligned = 4, Args = 8, Result = 16,
	Lost = 32, Edges = 64, Nested = 128,
};

static void *
top(int i)
{
	return memory[i] + Size;
}

static uintptr a, b, calls, seen, gota, gotb, give, result;

// Uses the registers that it may use, and returns a random number.
static __attribute__((noipa)) uintptr
look(uintptr x, uintptr y)
{
	calls++;
	seen = spnow();
	gota = x;
	gotb = y;
	rnd();
	rawsyscall(SYS_getpid);
	return give = rnd();
}

static __attribute__((noipa)) void
direct(void *arg)
{
	(void)arg;
	result = callon(top(0), look, a, b);
}

// Pascal's triangle.  Each call gets a stack of its own, which begins
// some way below the frame of its caller.
static __attribute__((noipa)) uintptr
choose(uintptr n, uintptr m)
{
	byte *low = (byte *)((spnow() - 512) & ~(uintptr)15);

	if(m == 0 || m == n)
		return 1;
	return callon(low, choose, n - 1, m - 1)
		+ callon(low, choose, n - 1, m);
}

static __attribute__((noipa)) void
deep(void *arg)
{
	(void)arg;
	result = callon(top(1), choose, a, b);
}

static uintptr
pascal(uintptr n, uintptr m)
{
	return m == 0 || m == n ? 1 : pascal(n - 1, m - 1) + pascal(n - 1, m);
}

static uintptr
once(void)
{
	uintptr t = 0;
	byte edge = rnd();
	int i;

	a = rnd();
	b = rnd();
	calls = 0;
	memset(memory[0] + Size, edge, Edge);
	if(*lost(direct, nil) != '\0')
		t |= Lost;
	if(calls != 1)
		t |= Once;
	if(seen <= (uintptr)memory[0] || seen >= (uintptr)top(0))
		t |= There;
	if(seen % StackAlign != 0)
		t |= Aligned;
	if(gota != a || gotb != b)
		t |= Args;
	if(result != give)
		t |= Result;
	for(i = 0; i < Edge; i++)
		if(memory[0][Size + i] != edge)
			t |= Edges;
	return t;
}

static uintptr
check(void)
{
	uintptr t = 0;
	int i;

	for(i = 0; i < 20; i++)
		t |= once();
	return t;
}

static uintptr
checknested(void)
{
	uintptr t = 0;
	int i;

	for(i = 0; i < 20; i++) {
		a = 4 + rnd() % 4;
		b = 1 + rnd() % 3;
		if(*lost(deep, nil) != '\0' || result != pascal(a, b))
			t |= Nested;
	}
	return t;
}

int
main(void)
{
	uintptr t;

	endafter(10);
	t = troubles(check);
	verdict(!(t & Once), "callon calls fn, once",
		"it is to be written like runon: see \"A second stack\"");
	verdict(!(t & There), "fn runs below top",
		"see \"A second stack\"");
	verdict(!(t & Aligned), "the stack pointer is aligned at the call",
		"see \"A second stack\": which multiple does this machine "
		"demand, and how much have you taken from top?");
	verdict(!(t & Args), "fn gets a and b, in this order",
		"where arguments go is told in \"The same calls on 386 and "
		"arm\"; mind the order in which you overwrite registers");
	verdict(!(t & Result), "callon returns what fn has returned",
		"see the table in \"Whose register is it?\" for where a "
		"result is, and leave it there");
	verdict(!(t & Lost), "nothing is lost",
		"callon has a caller too: see \"Whose register is it?\"");
	verdict(!(t & Edges), "nothing is written from top upward",
		"top is exclusive: the stack is below it");
	t = troubles(checknested);
	verdict(!(t & Nested), "callon inside callon",
		"each call needs a place of its own for what it saves");
	return done();
}
