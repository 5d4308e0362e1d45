// A lock that is free, held, and held with somebody asleep.
#include "tap.h"

#define LOCKS "chapter 5, \"Locks and notes\""

enum { Free = 1, Held = 2, Count = 4, Kernel = 8, Sleeper = 16 };
static Lock l;
static uint32 got;

static void
wants(void *arg)
{
	(void)arg;
	lock(&l);
	atomicstore(&got, 1);
	unlock(&l);
}

static void
run(void)
{
	uintptr found = 0;
	uint32 calls = atomicload(&futexcalls);
	int64 end;

	if(!trylock(&l))
		finish(Free);
	if(m->locks != 1)
		found |= Count;
	if(trylock(&l))
		finish(Held);
	if(m->locks != 1)
		found |= Count;
	if(atomicload(&futexcalls) != calls)
		found |= Kernel;
	gomaxprocs(2);
	m->locks = 0;
	go(wants, (int){ 0 });
	while(atomicload(&l.key) != 2)
		procyield();
	if(trylock(&l))
		finish(Held);
	m->locks = 1;
	unlock(&l);
	end = nanotime() + 1500000000;
	while(atomicload(&got) == 0)
		if(nanotime() > end)
			finish(found | Sleeper);
	finish(found);
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

	verdict(!(found & Free), "it takes a lock that is free",
		"One operation looks and takes: see " LOCKS);
	verdict(!(found & Held), "it does not take one that is held",
		"Held and Slept are both held");
	verdict(!(found & Count), "m->locks is the number of locks held",
		"gosched and unlock rely on it");
	verdict(!(found & Kernel), "it does not ask the kernel",
		"It never waits");
	verdict(!(found & Sleeper), "who slept in lock is woken later",
		"The word said that somebody sleeps, and unlock reads it: "
		"see " LOCKS);
	return done();
}
