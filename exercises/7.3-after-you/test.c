// Who runs next, and is the queue in order afterwards?
// The linker leads calls of lock and unlock here.
#include "tap.h"
#include <sched.h>

#define ROUND "chapter 7, \"One round, and no loop\""
#define QUEUE "chapter 3, \"A queue of those who could run\""

enum {
	Next = 1, Waits = 2, Queue = 4, Count = 8, Thread = 16, End = 32,
	Bound = 64, Under = 128, Promised = 256, Result = 512,
};
enum { N = 6 };
static G *gs[N];
static int order[200], norder, stop;
static G *parked;

static void
member(void *arg)
{
	int me = *(int *)arg;

	gs[me] = g;
	while(!stop) {
		order[norder++] = me;
		gosched();
	}
}

static void
waits(void *arg)
{
	(void)arg;
	parked = g;
	park("a word", nil);
	order[norder++] = 99;
}

static int line[N];	// the members on the queue, in order

// All have run once, in this order?
static void
inorder(void)
{
	int i;

	if(norder != N)
		finish(Queue);
	for(i = 0; i < N; i++)
		if(order[i] != line[i])
			finish(Queue);
}

// Member i is the first now.
static void
first(int i)
{
	int k;

	for(k = 0; line[k] != i; k++)
		;
	for(; k > 0; k--)
		line[k] = line[k-1];
	line[0] = i;
}

static void
run(void)
{
	uintptr found = 0;
	int i, k;

	for(i = 0; i < N; i++) {
		line[i] = i;
		go(member, (int){ i });
	}
	go(waits, (int){ 0 });
	gosched();
	if(yieldto(parked) != 0 || yieldto(g) != 0)
		finish(Waits);
	for(k = 0; k < 12; k++) {
		norder = 0;
		i = k < 6 ? N - 1 - k : k - 6;
		if(yieldto(gs[i]) != 1)
			finish(Result);
		if(order[0] != i)
			finish(Next);
		first(i);
		inorder();
		// it was the first to stop, and is the first again
		norder = 0;
		gosched();
		inorder();
		if(schedcounts().mcpu != 1 || schedcounts().runnable != N)
			finish(Count);
	}
	stop = 1;
	ready(parked);
	for(i = 0; i < 3; i++)
		gosched();
	if(gcount() != 1 || order[norder - 1] != 99)
		found |= End;
	if(yieldto(gs[0]) != 0)
		found |= Waits;
	finish(found);
}

static uint32 ran, went;
static int32 where;
static uint32 rounds[2];

static void
bound(void *arg)
{
	int me = *(int *)arg;

	if(me == 0)
		lockOSThread();
	gs[me] = g;
	while(!stop) {
		rounds[me]++;
		gosched();
	}
}

// Is goroutine me, on the queue, left there?
static void
left(int me)
{
	uint32 n = rounds[me];

	if(yieldto(gs[me]) != 0 || rounds[me] != n)
		finish(Bound);
	gosched();
	if(rounds[me] != n + 1)
		finish(Bound);
}

// One that is locked to a thread, and then the caller is.
static void
locked(void)
{
	int i;

	for(i = 0; i < 2; i++)
		go(bound, (int){ i });
	gosched();
	left(0);
	lockOSThread();
	left(1);
	unlockOSThread();
	stop = 1;
	gosched();
	finish(0);
}

static void
quick(void *arg)
{
	(void)arg;
	gs[0] = g;
	gosched();
	where = m->id;
	atomicstore(&ran, 1);
}

// Main's next lock is preceded by before, its next unlock followed by
// after.
void __real_lock(Lock *l);
void __real_unlock(Lock *l);
static G *who;
static void (*before)(void), (*after)(void);

void
__wrap_lock(Lock *l)
{
	void (*fn)(void) = before;

	if(g == who && fn != nil) {
		before = nil;
		fn();
	}
	__real_lock(l);
}

void
__wrap_unlock(Lock *l)
{
	void (*fn)(void) = after;

	__real_unlock(l);
	if(g == who && fn != nil && before == nil) {
		after = nil;
		fn();
	}
}

enum { Procs = 3 };

static void
keeps(void *arg)
{
	(void)arg;
	xadd(&went, 1);
	while(atomicload(&went) < Procs)
		sched_yield();
	for(;;)
		gosched();
}

// Runs on each of the other processors until went is Procs; then each
// lets others run again and again.
static void
busy(uint32 others)
{
	uint32 i;

	gomaxprocs(others + 1);
	for(i = 0; i < others; i++)
		go(keeps, (int){ 0 });
	while(atomicload(&went) < others)
		sched_yield();
}

// While it may be taken from the queue, it is there or promised.
static void
accounted(void)
{
	Counts n;

	who = nil;
	n = schedcounts();
	if(n.runnable + n.mcpu - Procs != 1)
		finish(Under);
	who = g;
}

static uint32
otherturns(void)
{
	uint32 n = 0;
	M *mp;

	for(mp = allm; mp != nil; mp = mp->alllink)
		if(mp != m)
			n += atomicload(&mp->turns);
	return n;
}

// The goroutines of the other threads stop.  One of these threads is
// one too many, for now; the other takes what is first on the queue.
static void
othertakes(void)
{
	uint32 n = otherturns();

	accounted();
	who = nil;
	atomicstore(&went, Procs);
	while(otherturns() < n + 2)
		sched_yield();
	if(schedcounts().mcpu != Procs)
		finish(Thread);
}

// Two threads look at the queue while main hands over.
static void
contested(void)
{
	int32 me;

	busy(Procs - 1);
	go(quick, (int){ 0 });
	gosched();
	me = m->id;
	before = accounted;
	after = othertakes;
	who = g;
	if(!yieldto(gs[0]))
		finish(Thread);
	while(atomicload(&ran) == 0)
		gosched();	// it may run beside us by now
	finish(where != me ? Thread : 0);
}

// Starts no thread while late is asked for.
void __real_startm(M *mp);
static M *late;
static int holdback;

void
__wrap_startm(M *mp)
{
	if(!holdback) {
		__real_startm(mp);
		return;
	}
	holdback = 0;
	late = mp;
}

// A goroutine that could run, off the queue: it is promised to a
// thread that is slow to begin.
static void
promised(void)
{
	gomaxprocs(2);
	holdback = 1;
	go(quick, (int){ 0 });
	if(late == nil || late->nextg == nil)
		throw("nothing was promised to a new thread");
	if(yieldto(late->nextg) != 0)
		finish(Promised);
	__real_startm(late);
	while(atomicload(&ran) == 0)
		sched_yield();
	finish(where == m->id ? Promised : 0);
}

// Two processors, both busy, and then one thread hands over.
static void
threads(void)
{
	int32 me;
	int i;

	for(i = 0; i < 100; i++) {
		if(i == 50)
			busy(1);
		go(quick, (int){ 0 });
		gosched();	// it is on the queue again
		ran = 0;
		me = m->id;
		if(schedcounts().mcpu != (i < 50 ? 1 : 2))
			finish(Count);
		if(!yieldto(gs[0]) || atomicload(&ran) == 0 || where != me)
			finish(Thread);
	}
	finish(0);
}

static uintptr child1(void) { rtstart(run); }
static uintptr child2(void) { rtstart(threads); }
static uintptr child3(void) { rtstart(locked); }
static uintptr child4(void) { rtstart(contested); }
static uintptr child5(void) { rtstart(promised); }

int
main(void)
{
	uintptr found = troubles(child1) | troubles(child2)
		| troubles(child3) | troubles(child4) | troubles(child5);

	verdict(!(found & Waits), "who waits, has ended or is the caller is "
		"not run", "Only one that is on the run queue can be: see "
		QUEUE);
	verdict(!(found & Next), "it runs next",
		"nextg takes first what an M has been promised");
	verdict(!(found & Result), "the result is 1 for one that was on the queue",
		"Each of them is, also the first and the last");
	verdict(!(found & Queue), "each of the others runs once, in order",
		"Who is run must be off the queue, and the queue must have "
		"its right end: see " QUEUE);
	verdict(!(found & Count), "mcpu is the number of those who run",
		"Whoever is promised to an M is counted: see chapter 5, \"Ms "
		"that take work\"");
	verdict(!(found & Thread), "it runs on this thread",
		"It is promised to this M, and to no other: see " ROUND);
	verdict(!(found & Bound), "nothing happens if one of the two is locked "
		"to its thread", "gp->lockedm and g->lockedm say so.  Each of "
		"them has a thread of its own, and here one thread hands over "
		"to itself");
	verdict(!(found & Promised), "one that is promised to another thread is "
		"left to it", "Its status is Grunnable, and yet it is not on the "
		"queue: see chapter 5, \"Ms that take work\"");
	verdict(!(found & Under), "it is off the queue and promised under one "
		"lock", "Another M could look in between: see chapter 5, \"Ms "
		"that take work\"");
	verdict(!(found & End), "and all come to their end", "See " QUEUE);
	return done();
}
