// Who runs next, and is the queue in order afterwards?
#include "tap.h"

#define ROUND "chapter 7, \"One round, and no loop\""
#define QUEUE "chapter 3, \"A queue of those who could run\""

enum { Next = 1, Waits = 2, Queue = 4, Count = 8, Thread = 16, End = 32 };
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

static void
run(void)
{
	uintptr found = 0;
	int i, k;

	for(i = 0; i < N; i++)
		go(member, (int){ i });
	go(waits, (int){ 0 });
	gosched();
	if(yieldto(parked) != 0 || yieldto(g) != 0)
		finish(Waits);
	for(k = 0; k < 12; k++) {
		norder = 0;
		i = k < 6 ? N - 1 - k : k - 6;
		if(yieldto(gs[i]) != 1 || order[0] != i)
			finish(Next);
		if(norder != N)
			finish(Queue);
		// it was the first to stop, and is the first again
		norder = 0;
		gosched();
		if(norder != N || order[0] != i)
			finish(Queue);
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

static void
quick(void *arg)
{
	(void)arg;
	gs[0] = g;
	gosched();
	where = m->id;
	atomicstore(&ran, 1);
}

static void
keeps(void *arg)
{
	(void)arg;
	atomicstore(&went, 1);
	while(atomicload(&went) == 1)
		procyield();
}

// Two processors, both busy, and then one thread hands over.
static void
threads(void)
{
	int32 me;
	int i;

	go(quick, (int){ 0 });
	gosched();		// it is on the queue again
	for(i = 0; i < 50; i++) {
		ran = 0;
		me = m->id;
		if(!yieldto(gs[0]) || atomicload(&ran) == 0 || where != me)
			finish(Thread);
		go(quick, (int){ 0 });
		gosched();
	}
	gomaxprocs(2);
	go(keeps, (int){ 0 });
	while(atomicload(&went) == 0)
		procyield();
	for(i = 0; i < 50; i++) {
		if(schedcounts().mcpu != 2)
			finish(Count);
		yieldto(gs[0]);
	}
	atomicstore(&went, 2);
	finish(0);
}

static uintptr child1(void) { rtstart(run); }
static uintptr child2(void) { rtstart(threads); }

int
main(void)
{
	uintptr found = troubles(child1) | troubles(child2);

	verdict(!(found & Waits), "who waits, has ended or is the caller is "
		"not run", "Only one that is on the run queue can be: see "
		QUEUE);
	verdict(!(found & Next), "it runs next",
		"nextg takes first what an M has been promised");
	verdict(!(found & Queue), "each of the others runs once, in order",
		"Who is run must be off the queue, and the queue must have "
		"its right end: see " QUEUE);
	verdict(!(found & Count), "mcpu is the number of those who run",
		"Whoever is promised to an M is counted: see chapter 5, \"Ms "
		"that take work\"");
	verdict(!(found & Thread), "it runs on this thread",
		"It is promised to this M, and to no other: see " ROUND);
	verdict(!(found & End), "and all come to their end", "See " QUEUE);
	return done();
}
