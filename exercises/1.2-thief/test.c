#include "tap.h"
#include <string.h>
#include <unistd.h>

enum { Size = 16384, Edge = 64 };
static byte memory[2][Size + Edge] __attribute__((aligned(16)));

// The troubles that may be found.
enum { Kept = 1, Lost = 2, There = 4, Arg = 8, Edges = 16, Nested = 32 };

static void *
top(int i)
{
	return memory[i] + Size;
}

static volatile uintptr value[8], kept[8];
static uintptr seen, got;

// Uses the registers that it may use.
static __attribute__((noipa)) void
look(void *arg)
{
	seen = spnow();
	got = (uintptr)arg;
	rnd();
	rawsyscall(SYS_getpid);
	rnd();
}

// Keeps eight values while look runs on stack arg.
static __attribute__((noipa)) void
keep(void *arg)
{
	uintptr a = value[0], b = value[1], c = value[2], d = value[3];
	uintptr e = value[4], f = value[5], g = value[6], h = value[7];

	runon(arg, look, arg);
	kept[0] = a, kept[1] = b, kept[2] = c, kept[3] = d;
	kept[4] = e, kept[5] = f, kept[6] = g, kept[7] = h;
}

static int
allkept(void)
{
	int i;

	for(i = 0; i < 8; i++)
		if(kept[i] != value[i])
			return 0;
	return 1;
}

static __attribute__((noipa)) void
direct(void *arg)
{
	runon(top(0), look, arg);
}

// On stack 0, keep; and from there look on stack 1.
static __attribute__((noipa)) void
nested(void *arg)
{
	(void)arg;
	runon(top(0), keep, top(1));
}

static uintptr
once(void)
{
	uintptr arg = rnd(), t = 0;
	int i;

	for(i = 0; i < 8; i++)
		value[i] = rnd();
	memset(memory[0] + Size, (byte)arg, Edge);
	lost(keep, top(0));
	if(!allkept())
		t |= Kept;
	if(*lost(direct, (void *)arg) != '\0')
		t |= Lost;
	if(seen <= (uintptr)memory[0] || seen >= (uintptr)top(0)
	|| seen % StackAlign != 0)
		t |= There;
	if(got != arg)
		t |= Arg;
	for(i = 0; i < Edge; i++)
		if(memory[0][Size + i] != (byte)arg)
			t |= Edges;
	memset((void *)kept, 0, sizeof kept);
	if(*lost(nested, nil) != '\0' || !allkept() || got != (uintptr)top(1))
		t |= Nested;
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

int
main(void)
{
	uintptr t;

	endafter(10);
	t = troubles(check);
	verdict(!(t & Kept), "a function that calls runon keeps its values",
		"a value was lost: see \"Whose register is it?\", and ask "
		"the instrument of \"Sentinels\" which one");
	verdict(!(t & Lost), "runon gives back what belongs to its caller",
		"runon is a function like any other: see "
		"\"Whose register is it?\"");
	verdict(!(t & There), "fn runs on the new stack, aligned",
		"see \"A second stack\"");
	verdict(!(t & Arg), "fn gets its argument", "see \"A second stack\"");
	verdict(!(t & Edges), "nothing is written from top upward",
		"top is exclusive: the stack is below it");
	verdict(!(t & Nested), "runon inside runon, on another stack",
		"if check 1 fails too, mend that first; else each call "
		"needs a place of its own for what it saves");
	return done();
}
