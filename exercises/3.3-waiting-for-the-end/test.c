// Joins goroutines that run, that have ended, and whose G has been used
// again since; counts how often those who wait are run.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define ENDS "chapter 3, \"Ending one, on the stack it stands on\""
#define STARTS "chapter 3, \"Starting one\""

enum { Max = 24, Joins = 3 };

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	int n;
	uintptr key;
	int yields[Max], deep[Max], later[Max];
	int njoins[Max], joins[Max][Joins];	// lower numbers

	int ended[Max], order[Max], norder;
	int early, runs[Max], badarg, badref, again, alive, finished;
	int asleep;		// joiners that were Gwaiting
};
static Shared *s;
static Gref ref[Max];

typedef struct Arg Arg;
struct Arg {
	int id;
	uintptr check;
};

static void
yields(int n)
{
	for(; n > 0; n--)
		gosched();
}

static void
start(int id, void (*fn)(void *))
{
	static Arg a;

	a = (Arg){ id, s->key ^ (uintptr)id };
	ref[id] = gostart(fn, &a, sizeof a);
	a.id = 0;
	a.check = 0;
}

// Ends the goroutine from inside some calls.
static __attribute__((noipa)) void
quit(int deep)
{
	// A pointer, or gcc warns that this recursion never returns.
	void (*volatile end)(void) = exitgoroutine;

	if(deep > 0)
		quit(deep - 1);
	else
		end();
}

// Joins those whom it should, lets others run, and ends.
static void
member(void *arg)
{
	Arg *a = arg;
	int i, to, id = a->id;

	s->badarg += a->check != (s->key ^ (uintptr)id);
	s->badref += ref[id].gp != g || ref[id].goid != g->goid;
	for(i = 0; i < s->njoins[id]; i++) {
		to = s->joins[id][i];
		join(ref[to]);
		s->early += !s->ended[to];
	}
	s->runs[id] = g->runs;
	s->order[s->norder++] = id;
	yields(s->yields[id]);
	s->ended[id] = 1;
	if(s->deep[id])
		quit(s->deep[id]);
}

// Number 0 runs for some time, 1 .. n-1 join it, and main too.
static void
several(void)
{
	int i;

	for(i = 0; i < s->n; i++) {
		s->njoins[i] = i > 0;
		s->joins[i][0] = 0;
		start(i, member);
		if(i > 0)
			s->yields[i] = 0;
	}
	gosched();
	for(i = 1; i < s->n; i++)
		s->asleep += ref[i].gp != nil
			&& ref[i].gp->status == Gwaiting;
	join(ref[0]);
	s->early += !s->ended[0];
	s->alive = gcount();
	s->runs[0] = g->runs;
	s->finished = 1;
}

// Joins one that has ended.
static void
over(void)
{
	uint32 runs;

	start(0, member);
	yields(s->yields[0] + 2);
	runs = g->runs;
	join(ref[0]);
	s->runs[0] = g->runs - runs;
	s->finished = s->ended[0];
}

// Joins one that has ended, and whose G is somebody else now.
static void
stranger(void)
{
	uint32 runs;

	start(0, member);
	yields(s->yields[0] + 2);
	s->yields[1] += 20;
	start(1, member);
	gosched();
	s->again = ref[1].gp == ref[0].gp;
	runs = g->runs;
	join(ref[0]);
	s->runs[0] = g->runs - runs;
	join(ref[1]);
	s->finished = s->ended[1] && gcount() == 1;
}

// 1 .. n-1 join number 0, then they join number n, who runs for a long
// time.  When 0 has ended, n+1 uses its G again, and ends before n.
static void
twice(void)
{
	int i;

	s->yields[s->n] = 60;
	start(s->n, member);
	start(0, member);
	for(i = 1; i < s->n; i++) {
		s->njoins[i] = 2;
		s->joins[i][0] = 0;
		s->joins[i][1] = s->n;
		start(i, member);
	}
	yields(s->yields[0] + 4);
	start(s->n + 1, member);
	s->again = ref[s->n + 1].gp == ref[0].gp;
	yields(s->yields[s->n + 1] + 4);
	join(ref[s->n]);
	yields(10);
	s->finished = gcount() == 1;
}

// Everybody joins some of those before.
static void
anyone(void)
{
	int i;

	for(i = 0; i < s->n; i++) {
		start(i, member);
		yields(s->later[i]);
	}
	for(i = s->n - 1; i >= 0; i--) {
		join(ref[i]);
		s->early += !s->ended[i];
	}
	s->finished = gcount() == 1;
}

// Runs a scenario with new random numbers.
static int
try(void (*fn)(void), const char *what)
{
	int i, k, status;

	memset(s, 0, sizeof *s);
	s->n = 3 + rnd() % (Max - 5);
	s->key = rnd();
	for(i = 0; i < Max; i++) {
		s->yields[i] = rnd() % 6 + (i == 0);
		s->deep[i] = rnd() % 2 ? rnd() % 20 : 0;
		s->later[i] = rnd() % 3 == 0 ? rnd() % 9 : 0;
		s->njoins[i] = fn == anyone && i > 0 ? rnd() % Joins : 0;
		for(k = 0; k < s->njoins[i]; k++)
			s->joins[i][k] = rnd() % i;
	}
	status = ingoroutine(fn, 4);
	if(status != 0) {
		ok(0, "%s: the program ends by itself", what);
		note("it ended with status %d, saying: %s", status, childsaid);
		note("%d goroutines got past their joins", s->norder);
		note("Either somebody waits and is not woken, which is to "
			"happen when the scheduler meets a Gmoribund, or it "
			"has met a goroutine in a state it does not expect: "
			"see " ENDS);
	}
	return status == 0;
}

// One check; explains it if it fails.
static int
check(int cond, const char *name, const char *why)
{
	ok(cond, "%s", name);
	if(!cond)
		note("%s", why);
	return cond;
}

static int
inorder(void)
{
	int i;

	for(i = 0; i < s->n; i++)
		if(s->order[i] != i)
			return 0;
	return s->norder == s->n;
}

static int
polled(void)
{
	int i;

	for(i = 1; i < s->n; i++)
		if(s->runs[i] > 2)
			return 1;
	return s->runs[0] > 3;
}

static int
testseveral(void)
{
	return try(several, "several joiners")
	&& check(s->early == 0, "join returns after the end",
		"A join returned while its goroutine had not ended: it "
		"should take the caller off the run queue until then; "
		"see " ENDS)
	&& check(s->badref == 0, "gostart says whom it started",
		"In the new goroutine, g and g->goid are what gostart "
		"returned.  A G may come from the free list: see " STARTS)
	&& check(s->badarg == 0, "the argument came through",
		"gostart copies it, as newproc does: see " STARTS)
	&& check(s->asleep == s->n - 1, "those who wait are Gwaiting",
		"The state is one of those in chapter 3, \"A queue of "
		"those who could run\"")
	&& check(!polled(), "those who wait do not run",
		"A joiner was run more than twice: first, and when it was "
		"woken.  The scheduler puts only a Grunning goroutine "
		"back on the queue; see chapter 3, \"The loop on g0\"")
	&& check(s->finished && inorder() && s->alive <= s->n,
		"all who wait are woken, in their order",
		"Each has its place on a list; gput changes schedlink");
}

static int
testover(void)
{
	return try(over, "one that has ended")
	&& check(s->finished && s->runs[0] == 0,
		"join of a dead goroutine returns at once",
		"A G that is dead keeps its goid until it is used again: "
		"see " ENDS)
	&& try(stranger, "one whose G is used again")
	&& check(s->again && s->finished && s->runs[0] == 0,
		"join does not wait for a stranger",
		"The G is another goroutine now, and its goid says so: "
		"see malg in " STARTS);
}

static int
testtwice(void)
{
	return try(twice, "a G with joiners, used again")
	&& check(s->again && s->early == 0 && s->finished,
		"nobody is woken twice",
		"When a G is used again, nobody waits for it yet: which "
		"of its fields must be as new?  See malg in " STARTS);
}

static int
testanyone(void)
{
	int i, good = 1;

	for(i = 0; i < 10 && good; i++)
		good = try(anyone, "many")
		&& check(s->early == 0 && s->finished && s->badref == 0
			&& s->badarg == 0, "everybody waited for somebody",
			"Somebody was woken too early, or was lost");
	return good;
}

static void
forever(void *arg)
{
	Gref *r = arg;

	if(r->gp != nil)
		join(*r);
}

// The last one waits for main, and main for the last one.
static void
allwait(void)
{
	Gref r = { g, g->goid };

	join(gostart(forever, &r, sizeof r));
}

static void
deadlock(void)
{
	alarm(4);
	rtstart(allwait);
}

int
main(void)
{
	endafter(10);
	s = shared(sizeof *s);
	if(testseveral() && testover() && testtwice() && testanyone())
		crashes(deadlock, 2,
			"throw: all goroutines are asleep - deadlock!");
	return done();
}
