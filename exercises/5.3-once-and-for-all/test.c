// Many call it; the function parks in the middle.  The linker leads
// calls of lock and unlock here, so that another goroutine can come
// exactly before the one or after the other.
#include "tap.h"
#include <sched.h>
#include <string.h>

enum { Twice = 1, Early = 2, Hangs = 4, Again = 8, Polls = 16, Lost = 32 };
enum { Callers = 10, Times = 40 };
static Once o[Times];
static int now;
static uint32 calls, finished, early, ended;

static void
slow(void)
{
	int i;

	xadd(&calls, 1);
	for(i = 0; i < 5; i++)
		gosched();
	tsleep(20000);
	atomicstore(&finished, 1);
}

static void
caller(void *arg)
{
	int i;

	for(i = 0; i < *(int *)arg; i++)
		gosched();
	once(&o[now], slow);
	xadd(&early, atomicload(&finished) == 0);
	xadd(&ended, 1);
}

void __real_lock(Lock *l);
void __real_unlock(Lock *l);
static G *who;
static int nlock, nunlock;	// at this one of who's, so many away,
static void (*then)(void);	// then is called

void
__wrap_lock(Lock *l)
{
	if(g == who && m->locks == 0 && --nlock == 0)
		then();
	__real_lock(l);
}

void
__wrap_unlock(Lock *l)
{
	__real_unlock(l);
	if(g == who && m->locks == 0 && --nunlock == 0)
		then();
}

static uint32 came, go_on, first, second;

static void
waitsforus(void)
{
	xadd(&calls, 1);
	atomicstore(&came, 1);
	while(atomicload(&go_on) == 0)
		gosched();
	atomicstore(&finished, 1);
}

static void
callit(void *arg)
{
	(void)arg;
	once(&o[now], waitsforus);
	xadd(&early, atomicload(&finished) == 0);
	xadd(&ended, 1);
}

// One processor.  While the first one decides, another one comes.
static void
intrude(void)
{
	int i;

	go(callit, (int){ 0 });
	for(i = 0; i < 10; i++)
		gosched();
}

static void
firstone(void *arg)
{
	nlock = ((int *)arg)[0];
	nunlock = ((int *)arg)[1];
	who = g;
	callit(nil);
	who = nil;
}

static void
begin(void)
{
	now++;
	calls = finished = early = ended = came = go_on = 0;
	nlock = nunlock = 0;
	who = nil;
}

static void
deciding(int lock, int unlock)
{
	int i;

	begin();
	then = intrude;
	go(firstone, ((int [2]){ lock, unlock }));
	for(i = 0; i < 20; i++)
		gosched();
	go_on = 1;
	for(i = 0; i < 20; i++)
		gosched();
	if(calls != 1)
		finish(Twice);
	if(early != 0)
		finish(Early);
	if(ended == 0)
		finish(Hangs);
}

// Who waits takes no turns, and no timer wakes it.
static void
patience(void)
{
	uint32 turns;
	int i;
	G *gp;

	begin();
	for(i = 0; i < 4; i++)
		go(callit, (int){ 0 });
	for(i = 0; i < 10; i++)
		gosched();
	turns = schedturns();
	for(i = 0; i < 20; i++)
		gosched();
	if(schedturns() - turns != 40)	// main, and waitsforus
		finish(Polls);
	for(gp = allg; gp != nil; gp = gp->alllink)
		if(gp->status == Gwaiting
		&& strcmp(gp->waitreason, "sleep") == 0)
			finish(Polls);
	go_on = 1;
	for(i = 0; i < 20; i++)
		gosched();
	if(ended != 4)
		finish(Hangs);
}

// Two processors.  While the second one is about to wait, the first
// one comes to its end.
static void
letfinish(void)
{
	atomicstore(&go_on, 1);
	while(atomicload(&first) == 0)
		sched_yield();
}

static void
spins(void)
{
	atomicstore(&came, 1);
	while(atomicload(&go_on) == 0)
		sched_yield();
	atomicstore(&finished, 1);
}

static void
runsit(void *arg)
{
	(void)arg;
	once(&o[now], spins);
	atomicstore(&first, 1);
}

static void
joinsit(void *arg)
{
	nlock = 0;
	nunlock = *(int *)arg;
	who = g;
	once(&o[now], spins);
	atomicstore(&second, 1);
}

static void
joining(int unlock)
{
	int i;
	G *gp;

	begin();
	first = second = 0;
	then = letfinish;
	go(runsit, (int){ 0 });
	while(atomicload(&came) == 0)
		sched_yield();
	go(joinsit, (int){ unlock });
	while((gp = *(G *volatile *)&who) == nil)
		tsleep(100000);
	while(gp->status != Gwaiting && atomicload(&go_on) == 0
	&& atomicload(&second) == 0)
		tsleep(100000);
	atomicstore(&go_on, 1);
	for(i = 0; atomicload(&second) == 0; i++) {
		if(i == 1000)
			finish(Lost);
		tsleep(1000000);
	}
}

static void
races(void)
{
	int i;

	gomaxprocs(1);
	patience();
	for(i = 1; i < 3; i++) {
		deciding(i, 0);
		deciding(0, i);
	}
	gomaxprocs(3);
	for(i = 1; i < 4; i++)
		joining(i);
	finish(0);
}

static void
tryonce(int procs)
{
	int i;
	int64 end = timeawake() + 1500000000;

	gomaxprocs(procs);
	calls = finished = early = ended = 0;
	for(i = 0; i < Callers; i++)
		go(caller, (int){ i % 4 });
	while(atomicload(&ended) < Callers) {
		tsleep(50000);
		if(timeawake() > end)
			finish(Hangs);
	}
	if(calls != 1)
		finish(Twice);
	if(early != 0)
		finish(Early);
	once(&o[now], slow);
	if(calls != 1)
		finish(Again);
	now++;
}

static void
run(void)
{
	int i;

	for(i = 0; i < Times; i++)
		tryonce(i < 5 ? 1 : 1 + i % 4);
	finish(0);
}

static uintptr child1(void) { rtstart(run); }
static uintptr child2(void) { rtstart(races); }

int
main(void)
{
	uintptr found = troubles(child1) | troubles(child2);

	verdict(!(found & Early), "nobody returns before it is done",
		"That it has begun does not mean that it has ended.  Who "
		"comes meanwhile has to wait: on what?");
	verdict(!(found & (Twice|Again)), "it is done once",
		"The look and the decision belong together, under a lock");
	verdict(!(found & Hangs), "and everybody returns",
		"The function parks.  So nobody can hold a lock meanwhile, and "
		"who waits must let it run: see chapter 5, \"Locks and "
		"notes\"");
	verdict(!(found & Polls), "who waits takes no turns",
		"It is parked, and woken when fn has returned");
	verdict(!(found & Lost), "who comes when fn is about to return is "
		"woken, too", "Look and queue belong together, under one "
		"lock");
	return done();
}
