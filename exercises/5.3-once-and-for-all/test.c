// Many call it; the function parks in the middle.
#include "tap.h"

enum { Twice = 1, Early = 2, Hangs = 4, Again = 8 };
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

static void
tryonce(int procs)
{
	int i;
	int64 end = nanotime() + 1500000000;

	gomaxprocs(procs);
	calls = finished = early = ended = 0;
	for(i = 0; i < Callers; i++)
		go(caller, (int){ i % 4 });
	while(atomicload(&ended) < Callers) {
		tsleep(50000);
		if(nanotime() > end)
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

static uintptr
child(void)
{
	rtstart(run);
}

int
main(void)
{
	uintptr found = troubles(child);

	verdict(!(found & Early), "nobody returns before it is done",
		"That it has begun does not mean that it has ended.  Who "
		"comes meanwhile has to wait: on what?");
	verdict(!(found & (Twice|Again)), "it is done once",
		"The look and the decision belong together, under a lock");
	verdict(!(found & Hangs), "and everybody returns",
		"The function parks.  So nobody can hold a lock meanwhile, and "
		"who waits must let it run: see chapter 5, \"Locks and "
		"notes\"");
	return done();
}
