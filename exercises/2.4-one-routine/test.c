// Each part runs in a child process, because a wrong switch may crash
// or never come back.  What it has to say goes through shared memory.
#include "tap.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { Rounds = 30, Size = 16384 };

static G *boss, co, inner;
static byte stack[2][Size];
static char *why;		// what is wrong, in shared memory
static uintptr key;

// Ends the part.
static void
wrong(const char *s)
{
	strcpy(why, s);
	exits(0);
}

static const char notascall[] = "in a new coroutine, the stack pointer "
	"is not as after a call: its frames are misaligned";

static void
switchto(void *arg)
{
	transfer(arg);
}

// Part 1: the registers, on both sides.

static void
tell(const char *whose, const char *names)
{
	if(names[0] == '\0')
		return;
	strcpy(why, whose);
	strcat(why, names);
	exits(0);
}

static void
filler(void *arg)
{
	if(spnow() % StackAlign != 0)
		wrong(notascall);
	for(;;)
		tell("lost by the coroutine: ", lost(switchto, arg));
}

static void
life(void *arg)
{
	uintptr v;

	while(resume(arg, &v))
		;
}

static void
shortlife(void *arg)
{
	(void)arg;
	yield(1);
}

static void
sentinels(void)
{
	int i;

	newcoro(&co, stack[0], Size, filler, boss);
	for(i = 0; i < Rounds; i++) {
		tell("lost by the thread: ", lost(switchto, &co));
		newcoro(&inner, stack[1], Size, shortlife, nil);
		tell("lost in the life of a generator: ",
			lost(life, &inner));
	}
}

// Part 2: the beginning.

static byte *lo, *hi;

static void
first(void *arg)
{
	byte *sp = (byte *)spnow();

	if(arg != &key || g != &co)
		wrong(g != &co ? "in a new coroutine, g is another one"
			: "its function gets a wrong argument");
	if(sp < lo || sp >= hi)
		wrong("its stack pointer is not on its stack");
	if((uintptr)sp % StackAlign != 0)
		wrong(notascall);
	yield(1);
	if(co.status != Grunning || boss->status != Gwaiting)
		wrong("who runs has not status Grunning, or who waits "
			"has it");
}

static void
beginning(void)
{
	byte *all = stack[0];
	uintptr v;
	int i, k;

	for(k = 0; k < Rounds; k++) {
		memset(all, 0x5a, Size);
		lo = all + 4000 + rnd() % 64;
		hi = lo + 8000 + rnd() % 64;
		newcoro(&co, lo, hi - lo, first, &key);
		if(resume(&co, &v) != 1 || v != 1 || g != boss)
			wrong("the first resume gives no value");
		if(resume(&co, &v) != 0 || g != boss)
			wrong("the second resume does not see the end");
		if(co.status != Gdead || boss->status != Grunning)
			wrong("the states after the end");
		for(i = 0; i < Size; i++)
			if((all + i < lo || all + i >= hi)
			&& all[i] != 0x5a)
				wrong("something was written beyond the "
					"stack");
	}
}

// Part 3: what transfer leaves in sched.

static void
poison(Gobuf *b)
{
	b->pc = key;
	memset(&b->regs, key & 0x7f, sizeof b->regs);
}

static int
poisoned(Gobuf *b)
{
	Gobuf all;

	poison(&all);
	return b->pc == key
		&& memcmp(&b->regs, &all.regs, sizeof all.regs) == 0;
}

static void
looker(void *arg)
{
	(void)arg;
	for(;;) {
		if(!poisoned(&boss->sched))
			wrong("transfer has stored more than sp in sched: "
				"it still saves as gosave does");
		transfer(boss);
	}
}

static void
sponly(void)
{
	int i;

	newcoro(&co, stack[0], Size, looker, nil);
	for(i = 0; i < Rounds; i++) {
		poison(&boss->sched);
		transfer(&co);
		if(i > 0 && !poisoned(&co.sched))
			wrong("transfer has stored more than sp in the "
				"coroutine's sched");
		poison(&co.sched);
	}
}

// Part 4: swtch itself, between Gobufs of which transfer knows nothing.

static Gobuf mine, its;
static uintptr mysp;
static int turns;

static void
direct(void *arg)
{
	(void)arg;
	transfer(boss);
	for(;;) {
		turns++;
		if(mine.sp >= mysp || mysp - mine.sp > 400)
			wrong("from->sp is not where the registers were "
				"pushed");
		if(!poisoned(&mine))
			wrong("swtch has stored more than sp in from");
		g = boss;
		poison(&its);
		swtch(&its, &mine);
	}
}

static void
alone(void)
{
	uintptr sp;
	int i;

	newcoro(&co, stack[0], Size, direct, nil);
	transfer(&co);
	its.sp = co.sched.sp;
	for(i = 1; i <= Rounds; i++) {
		mysp = spnow();
		poison(&mine);
		sp = its.sp;
		g = &co;
		swtch(&mine, &its);
		if(turns != i)
			wrong("swtch returned, and the other side did not "
				"run");
		if(g != boss)
			wrong("swtch has changed g");
		if(!poisoned(&its) && i > 1)
			wrong("swtch has stored more than sp in from");
		if(i > 1 && its.sp != sp)
			wrong("the other side's sp moves from switch to "
				"switch");
	}
}

// Part 5: a new coroutine's control words.

static Gobuf creators, found;

static void
controls(void *arg)
{
	(void)arg;
	gosave(&found);
}

static void
create(void *arg)
{
	gosave(&creators);
	newcoro(arg, stack[0], Size, controls, nil);
}

static void
inherit(void)
{
	uint32 diff = 0;
	int i;

	for(i = 0; i < Rounds; i++) {
		lost(create, &co);
		lost(life, &co);
#define CALLEE(r, text)
#define CALLEE_FP(r, text)
#define CALLEE_CTL(r, base, vary, text) \
	diff |= (creators.regs.r ^ found.regs.r) & ((base) | (vary));
#define CALLEE_FLAG(r, bit, text)
#include "registers.h"
	}
	if(diff != 0)
		wrong("a new coroutine does not begin with the control "
			"words of its creator");
}

// Part 6: generators.

static __attribute__((noipa)) void
dive(int depth, uintptr v)
{
	if(depth > 0)
		dive(depth - 1, v);
	else
		yield(v);
	if(spnow() % StackAlign != 0)
		wrong("a frame deep in a generator is misaligned");
}

static void
counter(void *arg)
{
	uintptr i, n = *(uintptr *)arg;

	for(i = 0; i < n; i++) {
		if(g != &inner)
			wrong("g is not the generator that runs");
		dive(i*i % 23, key + i);
	}
}

static void
doubler(void *arg)
{
	uintptr v;

	newcoro(&inner, stack[1], Size - 7, counter, arg);
	while(resume(&inner, &v)) {
		if(g != &co)
			wrong("g is not the generator that runs");
		yield(2*v);
	}
}

static void
generators(void)
{
	uintptr n, v, i;
	int k;

	for(k = 0; k < Rounds; k++) {
		n = rnd() % 40;
		newcoro(&co, stack[0], Size - 3, doubler, &n);
		for(i = 0; resume(&co, &v); i++)
			if(v != 2*(key + i))
				wrong("a value through two generators");
		if(i != n)
			wrong("the number of values");
		if(resume(&co, &v) || resume(&inner, &v))
			wrong("a dead generator gives a value");
	}
}

// Part 7: many switches.

static void
still(void *arg)
{
	uintptr sp, old = 0;

	for(;; old = sp) {
		sp = spnow();
		if(old != 0 && sp != old)
			wrong("the coroutine's sp moves");
		transfer(arg);
	}
}

static void
many(void)
{
	uintptr sp, old = 0;
	int i;

	newcoro(&co, stack[0], Size, still, boss);
	for(i = 0; i < 20000; i++, old = sp) {
		transfer(&co);
		sp = spnow();
		if(old != 0 && sp != old)
			wrong("the thread's sp moves");
	}
}

// Part 8: the old routines.

static Gobuf old;

static void
oldfirst(void *arg)
{
	gogo(&old, 1 + (arg == &key));
}

static void
others(void)
{
	static volatile int seen;
	uintptr v;
	Gobuf b;

	seen = 0;
	v = gosave(&old);
	seen++;
	if(v == 0) {
		b = old;
		b.sp = (uintptr)(stack[0] + Size) & ~(uintptr)15;
		gogocall(&b, oldfirst, &key);
	}
	if(v < 5)
		gogo(&old, v + 1);
	if(v != 5 || seen != 5 || g != boss)
		wrong("gosave, gogo and gogocall were to stay");
}

typedef struct Part Part;
struct Part {
	const char *name;
	void (*fn)(void);
	const char *read;	// a section of chapter 2
};
static const Part parts[] = {
	{ "all registers survive", sentinels,
		"The switch that forgets one register" },
	{ "a new coroutine begins as if called", beginning,
		"A first call on a new stack" },
	{ "transfer saves nothing but sp", sponly,
		"What three words forget" },
	{ "swtch between two Gobufs", alone, "The smallest version" },
	{ "it has its creator's control words", inherit,
		"Coroutines" },
	{ "generators in generators", generators, "Generators" },
	{ "thousands of switches", many, "Coroutines" },
	{ "gosave, gogo and gogocall are still there", others,
		"Returning twice" },
};

// Runs a part.  Returns if all was right.
static int
part(const Part *p)
{
	int status;

	key = (uintptr)rnd() | 1;
	why[0] = '\0';
	status = inchild(p->fn, 5);
	ok(status == 0 && why[0] == '\0', "%s", p->name);
	if(status == 0 && why[0] == '\0')
		return 1;
	if(why[0] != '\0')
		note("%s", why);
	else if(status < 128)
		note("it ended with status %d: %s", status, childsaid);
	else
		note(status == 128 + SIGALRM ? "it did not come back"
			: "it died of signal %d", status - 128);
	note("read: chapter 2, \"%s\"", p->read);
	return 0;
}

int
main(void)
{
	uint32 i;

	endafter(30);
	boss = g;
	why = shared(4096);
	for(i = 0; i < sizeof parts/sizeof parts[0]; i++)
		if(!part(&parts[i]))
			break;
	return done();
}
