// Goroutines go down to a known depth and compare what stackhigh says.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define LIVES "chapter 3, \"Ending one, on the stack it stands on\""
#define STACKS "chapter 3, \"Stacks with a guard\""

enum {
	Max = 16,
	Hole = 800,	// bytes of an array that is not written
	// The lowest words of a frame may be zero, or there may be one
	// more call.
	Slack = 56,
	Flat = 900,	// a goroutine that has not been deep uses less
};

// What one goroutine does, and what it sees.
typedef struct One One;
struct One {
	uintptr down[2];	// how deep it goes, twice
	int hole, yields;
	uintptr check;

	uintptr fresh, freshlow;		// at the beginning
	uintptr low[2], high[2], again[2];	// after each dive
	int badarg, done;
	byte *stack0;
};

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	One one[Max];
	int n, alive, reused;
};
static Shared *s;

typedef struct Arg Arg;
struct Arg {
	int id;
	uintptr check;
};

// Calls itself until the stack pointer is at limit or below, and writes
// to all its words.  Returns the lowest stack pointer.
static __attribute__((noipa)) uintptr
dive(uintptr limit)
{
	volatile uintptr pad[4];
	uintptr low;

	pad[0] = pad[1] = pad[2] = pad[3] = limit | 1;
	if(spnow() <= limit)
		return spnow();
	low = dive(limit);
	return pad[0] != 0 ? low : 0;
}

// The same, from behind an array of which only one byte is used.
static __attribute__((noipa)) uintptr
hole(uintptr limit)
{
	volatile char hole[Hole];
	uintptr low;

	hole[Hole - 1] = 1;
	low = dive(limit);
	return hole[Hole - 1] ? low : 0;
}

static __attribute__((noipa)) void
godown(One *o, int k)
{
	uintptr limit = g->stackbase - o->down[k];

	o->low[k] = g->stackbase - (o->hole ? hole : dive)(limit);
}

static void
diver(void *arg)
{
	Arg *a = arg;
	One *o = &s->one[a->id];
	int i, k;

	o->badarg = a->check != o->check;
	o->stack0 = g->stack0;
	o->freshlow = g->stackbase - spnow();
	o->fresh = stackhigh();
	for(k = 0; k < 2; k++) {
		if(o->down[k] != 0)
			godown(o, k);
		o->high[k] = stackhigh();
		for(i = 0; i < o->yields; i++)
			gosched();
		o->again[k] = stackhigh();
	}
	o->done = 1;
}

static void
start(int id)
{
	go(diver, (Arg){ id, s->one[id].check });
}

// One after the other, each on the stack of the one before.
static void
inturn(void)
{
	int i, k;

	for(i = 0; i < s->n; i++) {
		start(i);
		for(k = 0; k < 20 && gcount() > 1; k++)
			gosched();
		s->reused += i > 0
			&& s->one[i].stack0 == s->one[i - 1].stack0;
	}
	s->alive = gcount();
}

// All at the same time, twice.
static void
together(void)
{
	int i, k, half = s->n/2;

	for(i = 0; i < s->n; i++) {
		start(i);
		if(i == half)
			for(k = 0; k < 40 && gcount() > 1; k++)
				gosched();
	}
	for(k = 0; k < 40 && gcount() > 1; k++)
		gosched();
	s->alive = gcount();
}

// What check will say, with four numbers.  Returns 0.
static const char *detail;
static int number[4];

static int
because(const char *fmt, int a, uintptr b, uintptr c, uintptr d)
{
	detail = fmt;
	number[0] = a + 2;
	number[1] = b;
	number[2] = c;
	number[3] = d;
	return 0;
}

// One check; explains it if it fails.
static int
check(int cond, const char *name, const char *why)
{
	ok(cond, "%s", name);
	if(!cond && detail != nil)
		note(detail, number[0], number[1], number[2], number[3]);
	if(!cond)
		note("%s", why);
	return cond;
}

static void
random(int n)
{
	One *o;

	memset(s, 0, sizeof *s);
	s->n = n;
	for(o = s->one; o < s->one + Max; o++) {
		o->down[0] = rnd() % 3 ? 1800 + rnd() % 5400 : 0;
		o->down[1] = rnd() % 3 ? 1800 + rnd() % 5400 : 0;
		o->hole = rnd() % 2;
		o->yields = rnd() % 4;
		o->check = rnd();
	}
}

// Runs a scenario.
static int
try(void (*fn)(void))
{
	int status, i, good;

	status = ingoroutine(fn, 4);
	good = status == 0;
	for(i = 0; i < s->n; i++)
		good &= s->one[i].done && !s->one[i].badarg;
	if(good && s->alive == 1)
		return 1;
	ok(0, "the goroutines do what they did without stackhigh");
	if(status != 0)
		note("the program ended with status %d, saying: %s",
			status, childsaid);
	else
		note("an argument was lost, or a goroutine");
	note("A stack may be cleaned while nobody stands on it and nothing "
		"that counts is there: see " LIVES);
	note("Its Stktop is not the goroutine's: see " STACKS);
	return 0;
}

// Are the depths after dive k right?  Each goroutine has been as deep
// as the deeper of its dives.
static int
deep(int k)
{
	uintptr low;
	One *o;
	int i;

	for(i = 0; i < s->n; i++) {
		o = &s->one[i];
		low = o->low[0];
		if(k > 0 && o->low[1] > low)
			low = o->low[1];
		if(low != 0 && (o->high[k] + Slack < low
		|| o->again[k] + Slack < low))
			return because("goroutine %d has used %d bytes; "
				"stackhigh said %d, and later %d", i,
				low, o->high[k], o->again[k]);
		if(low != 0 && (o->high[k] > low + Slack
		|| o->again[k] > low + Slack))
			return because("goroutine %d has used only %d "
				"bytes; stackhigh said %d, and later %d",
				i, low, o->high[k], o->again[k]);
	}
	return 1;
}

// Are the depths before the first dive right, and those of goroutines
// that never dive?
static int
flat(void)
{
	One *o;
	int i;

	for(i = 0; i < s->n; i++) {
		o = &s->one[i];
		if(o->fresh + Slack < o->freshlow || o->fresh > Flat)
			return because("goroutine %d began: it used about "
				"%d bytes, less than %d; stackhigh said "
				"%d", i, o->freshlow, Flat, o->fresh);
		if(o->low[0] == 0 && o->again[0] > Flat)
			return because("goroutine %d used between %d and "
				"%d bytes; stackhigh said %d", i,
				o->freshlow, Flat, o->again[0]);
	}
	return 1;
}

static int
alone(int holes)
{
	random(1);
	s->one[0].down[0] = 2500 + rnd() % 4000;
	s->one[0].down[1] = s->one[0].down[0] - 600;
	s->one[0].hole = holes;
	return try(inturn);
}

static int
testalone(void)
{
	return alone(0)
	&& check(deep(0), "it knows how deep a goroutine was",
		"What a function has written stays when it has returned: "
		"look below the stack pointer.  A new stack is all zero; "
		"see sysmap in " STACKS)
	&& check(deep(1), "also after a dive less deep", "It is the most")
	&& check(flat(), "also before", "Nothing was used yet")
	&& alone(1)
	&& check(deep(0) && deep(1), "holes do not matter",
		"A function may leave parts of its frame unwritten, and "
		"call others: where must the search begin?");
}

static int
testinturn(void)
{
	int i, good = 1;

	for(i = 0; i < 5 && good; i++) {
		random(Max);
		s->one[i].down[0] = 4000 + rnd() % 3000;
		s->one[i + 1].down[0] = s->one[i + 1].down[1] = 0;
		good = try(inturn)
		&& check(s->reused == Max - 1, "stacks are used again",
			"stackfree and stackalloc: see " STACKS)
		&& check(flat(), "a used stack is as good as new",
			"The stack has the marks of a goroutine that "
			"ended.  Who can remove them, and when?  See "
			LIVES)
		&& check(deep(0) && deep(1), "and measured as well",
			"As on a new stack");
	}
	return good;
}

static int
testtogether(void)
{
	int i, good = 1;

	for(i = 0; i < 5 && good; i++) {
		random(Max);
		good = try(together)
		&& check(flat() && deep(0) && deep(1),
			"many at the same time",
			"Each goroutine has its own most");
	}
	return good;
}

int
main(void)
{
	endafter(10);
	s = shared(sizeof *s);
	if(testalone() && testinturn())
		testtogether();
	return done();
}
