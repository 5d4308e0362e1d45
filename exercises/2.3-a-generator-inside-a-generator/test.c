// Trees of generators, of random shape.  A generator that sleeps in
// yieldfrom gets a tripwire: the pc of its Gobuf leads to a function
// that goes back to main and tells.  So does everybody who is woken
// without having asked for a value.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define GENERATORS "chapter 2, \"Generators\""

enum { Max = 100, Steps = 6, Rounds = 60, Values = Max*Steps };

// A generator yields values and what its inner ones yield.  The
// number of an inner one is larger than its own.
typedef struct Gen Gen;
struct Gen {
	G g;
	byte stack[8192];
	int n;			// so many steps
	int inner[Steps];	// a step: the inner one; 0: a value
	uintptr value[Steps];
	int outer;		// who has it as a step; -1: nobody
	int before;		// so many resumes before the outer's
	int from, to;		// its values: want[from] to want[to-1]
	uintptr pc;		// while there is a tripwire
};
static Gen gen[Max];
static int ngen;

static uintptr want[Values];
static int nwant;

// Counts the switches; the linker leads the calls here.
void __real_gogo(Gobuf *b, uintptr v) __attribute__((noreturn));
void __real_gogocall(Gobuf *b, void (*fn)(void *), void *arg)
	__attribute__((noreturn));
static int switches;

void
__wrap_gogo(Gobuf *b, uintptr v)
{
	switches++;
	__real_gogo(b, v);
}

void
__wrap_gogocall(Gobuf *b, void (*fn)(void *), void *arg)
{
	switches++;
	__real_gogocall(b, fn, arg);
}

static Gobuf home;
static const char *trial, *bad;
static int number, tripped;

// Gives up, from whatever stack, and lets main say why.
static void
giveup(const char *why, int n)
{
	bad = why;
	number = n;
	gogo(&home, 1);
}

// Where a generator that must sleep goes on, if it is woken.
static void
tripwire(void)
{
	tripped = 1;
	giveup("generator %d had only to sleep in yieldfrom, and ran",
		(int)((Gen *)g - gen));
}

static void
run(void *arg)
{
	Gen *p = arg;
	int i;

	for(i = 0; i < p->n; i++)
		if(p->inner[i] != 0)
			yieldfrom(&gen[p->inner[i]].g);
		else
			yield(p->value[i]);
}

static int
within(int k, int outer)
{
	while(k > outer)
		k = gen[k].outer;
	return k == outer;
}

// The model: appends what generator k has to yield to want.
static void
emit(int k)
{
	Gen *p = &gen[k];
	int i, drop;

	p->from = nwant;
	for(i = 0; i < p->n; i++)
		if(p->inner[i] != 0)
			emit(p->inner[i]);
		else
			want[nwant++] = p->value[i];
	drop = nwant - p->from;
	if(drop > p->before)
		drop = p->before;
	nwant -= drop;
	memmove(want + p->from, want + p->from + drop,
		(nwant - p->from)*sizeof want[0]);
	for(i = k + 1; i < ngen; i++)
		if(within(i, k)) {
			gen[i].from -= drop;
			gen[i].to -= drop;
			if(gen[i].from < p->from)
				gen[i].from = p->from;
			if(gen[i].to < p->from)
				gen[i].to = p->from;
		}
	p->to = nwant;
}

// Appends a step to generator k: an inner one, or 0.
static void
step(int k, int inner)
{
	Gen *p = &gen[k];

	p->inner[p->n] = inner;
	p->value[p->n++] = rnd() % 8 == 0 ? 0 : (uintptr)rnd();
	if(inner != 0)
		gen[inner].outer = k;
}

// n generators without steps, new.
static void
begin(int n)
{
	int i;

	ngen = n;
	nwant = 0;
	for(i = 0; i < n; i++) {
		newcoro(&gen[i].g, gen[i].stack, sizeof gen[i].stack,
			run, &gen[i]);
		gen[i].n = gen[i].before = 0;
		gen[i].outer = -1;
	}
}

// A tree of any shape.  Some generators are empty; with used, some
// have been resumed before, to their end even.
static void
tree(int n, int used)
{
	int i, k;

	begin(n);
	for(i = 1; i <= n; i++) {
		k = rnd() % i;
		while(rnd() % 4 != 0 && gen[k].n < Steps - 1)
			step(k, 0);
		while(i < n && gen[k].n == Steps)
			k = rnd() % i;
		if(i < n)
			step(k, i);
		if(i < n && used && rnd() % 3 == 0)
			gen[i].before = rnd() % 4;
	}
}

// A chain, with a value before and after each inner one.
static void
chain(int n)
{
	int i;

	begin(n);
	for(i = 0; i < n; i++) {
		step(i, 0);
		if(i + 1 < n)
			step(i, i + 1);
		step(i, 0);
	}
}

// Those who ask for values beside the thread.  Somebody asks if
// asking says so.
typedef struct Asker Asker;
struct Asker {
	G g;
	byte stack[8192];
};
static Asker asker[2];
static G *thread, *asking;
static uintptr got;
static int more;

static void
ask(void *arg)
{
	(void)arg;
	for(;;) {
		if(asking != g)
			giveup("a value went to one who had not asked "
				"for it (for value %d)", number);
		more = resume(&gen[0].g, &got);
		if(asking != g)
			giveup("a value went to one who had not asked "
				"for it (for value %d)", number);
		asking = nil;
		transfer(thread);
	}
}

// One resume of the outermost generator, by anybody.
static void
pull(int others)
{
	int k = others ? rnd() % 3 : 2;

	if(k == 2) {
		asking = nil;
		more = resume(&gen[0].g, &got);
		return;
	}
	asking = &asker[k].g;
	transfer(asking);
	if(asking != nil)
		giveup("a value went to one who had not asked for it "
			"(for value %d)", number);
}

// Sets tripwires for the way from value i to the next one, or takes
// them away.  Whoever has both inside one step must sleep.
static void
wires(int i, int set)
{
	Gen *p;
	int k;

	for(k = 1; k < ngen; k++)
		if(gen[k].from <= i && i + 1 < gen[k].to) {
			p = &gen[gen[k].outer];
			if(set)
				p->pc = p->g.sched.pc;
			p->g.sched.pc = set ? (uintptr)tripwire : p->pc;
		}
}

// Resumes as often as it must, or gives up after last values.
static void
all(int last, int others)
{
	uintptr v;
	int i, k;

	for(k = ngen - 1; k > 0; k--)
		for(i = 0; i < gen[k].before; i++)
			resume(&gen[k].g, &v);
	emit(0);
	for(i = 0; i < nwant + 2 && i < last; i++) {
		number = i;
		wires(i - 1, 1);
		pull(others);
		wires(i - 1, 0);
		if(more != (i < nwant))
			giveup(more ? "resume %d gave a value, when all "
				"had been given" : "resume %d returned 0, "
				"and values were left", i);
		if(more && got != want[i])
			giveup("value %d is wrong", i);
	}
	if(i > nwant && gen[0].g.status != Gdead)
		giveup("after %d values, the end; but the outermost one "
			"is not dead", nwant);
}

// A value costs two switches, and so does the end; beginning and end
// of an inner one cost one each.
static void
cheap(void)
{
	chain(Max);
	switches = 0;
	all(Values, 0);
	if(switches < 2*nwant)
		giveup("200 values came, and only %d switches by gogo and "
			"gogocall were counted", switches);
	if(switches > 2*(nwant + 2) + 2*Max)
		giveup("a chain of 100 took %d switches, where 604 will do",
			switches);
}

// In the life after newcoro.
static int fresh, lives;

static void
anew(void *arg)
{
	(void)arg;
	yield(fresh);
	lives++;
}

// The next value of generator k, or 0 at its end.
static void
next(int k, uintptr v)
{
	more = resume(&gen[k].g, &got);
	if(more != (v != 0))
		giveup(more ? "generator %d gave a value after its end"
			: "generator %d ended, and values were left", k);
	if(more && got != v)
		giveup("generator %d gave a wrong value", k);
}

// All in a chain sleep, and one of them is made anew: there are now
// two chains, and one generator between them.  Its G may have held
// anything meanwhile.
static void
cut(int n, int k)
{
	static uintptr v[3][2*Max+2];
	int who[3] = { 0, k, k + 1 }, at[3] = { 0 }, i, last[3] = { 0 };

	chain(n);
	for(i = 0; i < n; i++) {
		gen[i].value[0] = i + 1;
		gen[i].value[gen[i].n-1] = 1000 + i;
		next(0, i + 1);
	}
	for(i = k - 1; i >= 0; i--)
		v[0][last[0]++] = 1000 + i;
	for(i = n - 1; i > k; i--)
		v[2][last[2]++] = 1000 + i;
	fresh = rnd() % 1000 + 5000;
	v[1][last[1]++] = fresh;
	for(i = 0; i < 3; i++)
		v[i][last[i]++] = 0;
	lives = 0;
	memset(&gen[k].g, 0xa5, sizeof gen[k].g);
	newcoro(&gen[k].g, gen[k].stack, sizeof gen[k].stack, anew, nil);
	while(at[0] < last[0] || at[1] < last[1] || at[2] < last[2]) {
		i = rnd() % 3;
		if(at[i] == last[i])
			continue;
		if(who[i] < n && (i != 0 || k > 0))
			next(who[i], v[i][at[i]]);
		at[i]++;
	}
	if(lives != 1)
		giveup("one made anew by newcoro ran to its end %d times",
			lives);
}

// Generator 0 sleeps in 1, which is made anew, and then 2 sleeps in it.
// When 0 wakes up and returns, 1 is no longer its business.
static void
adopted(void)
{
	int i, k;

	begin(3);
	step(0, 1), step(0, 0);
	step(2, 1), step(2, 0);
	step(1, 0), step(1, 0);
	for(i = 0; i < 3; i++)
		for(k = 0; k < 2; k++)
			gen[i].value[k] = 10*i + k + 1;
	next(0, gen[1].value[0]);
	newcoro(&gen[1].g, gen[1].stack, sizeof gen[1].stack, run, &gen[1]);
	next(2, gen[1].value[0]);
	next(0, gen[0].value[1]);
	next(2, gen[1].value[1]);
	next(2, gen[2].value[1]);
	next(2, 0);
	next(0, 0);
	next(1, 0);
}

static void
lonely(void)
{
	chain(1);
	yieldfrom(&gen[0].g);
}

static void
say(const char *name)
{
	if(trial != nil)
		ok(1, "%s", trial);
	trial = name;
	if(trial != nil)
		note("trying: %s", trial);
}

static void
tests(void)
{
	int i;

	say("an inner generator's values do not pass through the outer");
	for(i = 0; i < 5; i++) {
		begin(2);
		step(0, 1);
		step(1, 0);
		step(1, 0);
		step(1, 0);
		all(Values, 0);
	}
	say("values before, between and after");
	for(i = 0; i < Rounds; i++) {
		begin(3);
		step(0, 0), step(0, 1), step(0, 0), step(0, 2);
		step(0, 0);
		step(1, 0), step(1, 0);
		step(2, 0);
		all(Values, 0);
	}
	say("a chain of 100");
	chain(Max);
	all(Values, 0);
	say("trees of any shape");
	for(i = 0; i < Rounds; i++) {
		tree(2 + rnd() % 20, 0);
		all(Values, 0);
	}
	say("the inner ones used before, or dead");
	for(i = 0; i < Rounds; i++) {
		tree(2 + rnd() % 20, 1);
		all(Values, 0);
	}
	say("whoever resumes gets the value");
	for(i = 0; i < Rounds; i++) {
		tree(2 + rnd() % 20, 1);
		all(Values, 1);
	}
	chain(Max);
	all(Values, 1);
	say("generators given up half-way and made new");
	for(i = 0; i < Rounds; i++) {
		tree(2 + rnd() % 20, 1);
		all(rnd() % 20, 1);
	}
	say("a value costs two switches, however deep");
	cheap();
	say("one in a chain is made new: the others are two chains now");
	for(i = 0; i < Rounds; i++) {
		int n = 2 + rnd() % 10;

		cut(n, rnd() % n);
	}
	say("what is made new may be another one's inner one");
	adopted();
	say(nil);
}

int
main(void)
{
	int i;

	endafter(10);
	thread = g;
	for(i = 0; i < 2; i++)
		newcoro(&asker[i].g, asker[i].stack,
			sizeof asker[i].stack, ask, nil);
	if(gosave(&home) != 0) {
		ok(0, "%s", trial);
		note(bad, number);
		if(tripped)
			note("resume could go to the innermost one at "
				"once, if it knew it");
		note("What resume, yield and coroexit do now: "
			GENERATORS);
		return done();
	}
	tests();
	i = inchild(lonely, 3);
	ok(i == 2 && strstr(childsaid, "throw: yield outside a gen") != nil,
		"yieldfrom outside a generator throws, as yield does");
	return done();
}
