// Counts how often those who wait are run, and in which order they are
// served.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define LOOP "chapter 3, \"The loop on g0\""

enum { Max = 20, Rounds = 8 };

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	uint32 n, permits, rounds;
	uint32 yields[Max][Rounds][2];	// inside and outside
	uint32 batch[Max];		// so many permits at a time

	int order[Max*Rounds + 1], norder;	// who was served
	int came[Max*Rounds + 1], ncame;	// who asked
	uint32 before[Max], after[Max];	// runs while waiting, and then
	int status[Max];
	int badbatch, inside, crowded, finished;
	uint32 left;			// value at the end
};
static Shared *s;
static Sema sema;
static G *waiter[Max];

// Records that i has come for a permit, and that it has got one.
static void
acquire(int i)
{
	s->came[s->ncame++] = i;
	semacquire(&sema);
	s->order[s->norder++] = i;
}

static void
waits(void *arg)
{
	int i = *(int *)arg;

	waiter[i] = g;
	acquire(i);
}

static void
yields(uint32 n)
{
	for(; n > 0; n--)
		gosched();
}

// n goroutines wait; main looks at them, then wakes them in batches.
static void
sleepers(void)
{
	uint32 i, r, k = 0;

	for(i = 0; i < s->n; i++)
		go(waits, (int){ i });
	yields(30);
	for(i = 0; i < s->n; i++) {
		s->before[i] = waiter[i]->runs;
		s->status[i] = waiter[i]->status;
	}
	for(i = 0; k < s->n; i++) {
		for(r = 0; r < s->batch[i] && k < s->n; r++, k++)
			semrelease(&sema);
		gosched();
		s->badbatch += s->norder != (int)k;
	}
	for(i = 0; i < s->n; i++)
		s->after[i] = waiter[i]->runs;
	s->finished = gcount() == 1;
	s->left = sema.value;
}

static void
passes(void *arg)
{
	waits(arg);
	semrelease(&sema);
}

// Main has the permit, n goroutines wait for it; main releases it and
// wants it again.
static void
greedy(void)
{
	uint32 i;

	sema.value = 1;
	semacquire(&sema);
	for(i = 0; i < s->n; i++)
		go(passes, (int){ i });
	yields(3);
	semrelease(&sema);
	acquire(s->n);
	semrelease(&sema);
	yields(3);
	s->finished = gcount() == 1;
	s->left = sema.value;
}

// Permits given before anybody asks.
static void
early(void)
{
	uint32 i;

	for(i = 1; i < s->n; i++)
		semrelease(&sema);
	for(i = 0; i < s->n; i++)
		go(waits, (int){ i });
	yields(20);
	s->badbatch = s->norder != (int)s->n - 1;
	for(i = 0; i < s->n; i++)
		s->before[i] = waiter[i]->runs;
	semrelease(&sema);
	yields(2);
	s->finished = gcount() == 1;
	s->left = sema.value;
}

static void
worker(void *arg)
{
	int i = *(int *)arg;
	uint32 r;

	for(r = 0; r < s->rounds; r++) {
		acquire(i);
		s->crowded += (uint32)++s->inside > s->permits;
		yields(s->yields[i][r][0]);
		s->inside--;
		semrelease(&sema);
		yields(s->yields[i][r][1]);
	}
}

// n goroutines take and release permits.
static void
busy(void)
{
	uint32 i;

	sema.value = s->permits;
	for(i = 0; i < s->n; i++)
		go(worker, (int){ i });
	for(i = 0; i < 5000 && gcount() > 1; i++)
		gosched();
	s->finished = gcount() == 1;
	s->left = sema.value;
}

// Runs a scenario with new random numbers.
static int
try(void (*fn)(void))
{
	uint32 i, *y = &s->yields[0][0][0];
	int status;

	memset(s, 0, sizeof *s);
	s->n = 3 + rnd() % (Max - 3);
	s->permits = 1 + rnd() % 4;
	s->rounds = 2 + rnd() % (Rounds - 2);
	for(i = 0; i < sizeof s->yields/sizeof *y; i++)
		y[i] = rnd() % 4;
	for(i = 0; i < Max; i++)
		s->batch[i] = 1 + rnd() % 3;
	status = ingoroutine(fn, 4);
	if(status != 0) {
		ok(0, "the program ends by itself");
		note("it ended with status %d, saying: %s", status, childsaid);
		note("%d of %d who asked got a permit", s->norder,
			s->ncame);
		note("What the scheduler does when a goroutine has "
			"stopped: see " LOOP);
	}
	return status == 0;
}

// What check will say, with three numbers.  Returns 0.
static const char *detail;
static int number[3];

static int
because(const char *fmt, int a, int b, int c)
{
	detail = fmt;
	number[0] = a;
	number[1] = b;
	number[2] = c;
	return 0;
}

// One check; explains it if it fails.
static int
check(int cond, const char *name, const char *why)
{
	ok(cond, "%s", name);
	if(!cond && detail != nil)
		note(detail, number[0], number[1], number[2]);
	if(!cond)
		note("%s", why);
	return cond;
}

// Were they served in the order in which they came?
static int
fair(void)
{
	int i;

	for(i = 0; i < s->ncame && i < s->norder; i++)
		if(s->order[i] != s->came[i])
			return because("number %d came as number %d, but "
				"number %d was served then", s->came[i],
				i, s->order[i]);
	return s->ncame == s->norder;
}

// Is each number of runs that which it should be?
static int
runs(uint32 *r, uint32 want)
{
	uint32 i;

	for(i = 0; i < s->n; i++)
		if(r[i] != want)
			return because("goroutine %d has been run %d "
				"times, not %d", i + 2, r[i], want);
	return 1;
}

static int
asleep(void)
{
	uint32 i;

	for(i = 0; i < s->n; i++)
		if(s->status[i] != Gwaiting)
			return 0;
	return 1;
}

static int
testsleepers(void)
{
	return try(sleepers)
	&& check(runs(s->before, 1), "those who wait do not run",
		"A goroutine that waits must not be on the run queue.  "
		"The scheduler puts it there if its status is Grunning: "
		"see " LOOP)
	&& check(asleep(), "their status is Gwaiting",
		"The state is one of those in chapter 3, \"A queue of "
		"those who could run\"")
	&& check(!s->badbatch && s->finished && s->left == 0,
		"each release wakes one, and for good",
		"After r releases and one gosched, r more goroutines "
		"should have got through")
	&& check(fair(), "first come, first served",
		"New ones join the line at one end, and are served at "
		"the other; what is in g->schedlink while g runs?")
	&& check(runs(s->after, 2), "each has run once more",
		"Whoever is woken has the permit and need not look again");
}

static int
testgreedy(void)
{
	return try(greedy)
	&& check(fair() && s->finished, "nobody overtakes",
		"Main released the permit while others waited, and took "
		"it again before they could.  semrelease should hand it "
		"over and not put it down")
	&& check(s->left == 1, "one permit is left, as there was",
		"Permits were lost or made: value must not change when "
		"one is handed over");
}

static int
testearly(void)
{
	return try(early)
	&& check(!s->badbatch && runs(s->before, 1),
		"a release that nobody waits for is not lost",
		"value permits were there; so many should get through "
		"without waiting, and no more")
	&& check(s->finished && s->left == 0, "and no permit is left",
		"The last one waits until the last release");
}

static int
testbusy(void)
{
	int i, good = 1;

	for(i = 0; i < 10 && good; i++)
		good = try(busy)
		&& check(s->crowded == 0, "never too many inside",
			"Two have the same permit")
		&& check(s->finished && s->left == s->permits,
			"all got through, and all permits are back",
			"A wake-up or a permit was lost")
		&& (s->permits > 1 || check(fair(), "in turn",
			"With one permit, they are served as they come"));
	return good;
}

static void
never(void *arg)
{
	(void)arg;
	semacquire(&sema);
}

static void
allwait(void)
{
	go(never, (int){ 0 });
	semacquire(&sema);
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
	if(testsleepers() && testgreedy() && testearly() && testbusy())
		crashes(deadlock, 2,
			"throw: all goroutines are asleep - deadlock!");
	return done();
}
