// A lock that is free, held, and held with somebody asleep.
#include "tap.h"

#define LOCKS "chapter 5, \"Locks and notes\""

enum { Isfree = 1, Isheld = 2, Count = 4, Kernel = 8, Sleeper = 16,
	Waits = 32, Spins = 64, Both = 128 };
enum { Free, Held, Slept };		// as in lock.c
static Lock l;
static uint32 got;

// The linker leads calls of lock here.
void __real_lock(Lock *l);
static G *who;

void
__wrap_lock(Lock *k)
{
	if(k == &l && g == who)
		finish(Waits);
	__real_lock(k);
}

static void
wants(void *arg)
{
	(void)arg;
	lock(&l);
	atomicstore(&got, 1);
	unlock(&l);
}

// What a refusal costs at least: one operation that looks.
static __attribute__((noipa)) int
looks(Lock *k)
{
	return cas(&k->key, Free, Held);
}

// The least time of this thread, in ns, for 200 calls that refuse.
// Of no use if the child prints, for that takes longer.
static int64
leasttime(int (*fn)(Lock *))
{
	int64 least = INT64_MAX, used;
	long t[2][2];
	int i, n;

	for(i = 0; i < 5; i++) {
		// 3 is CLOCK_THREAD_CPUTIME_ID
		rawsyscall(SYS_clock_gettime, (uintptr)3, t[0]);
		for(n = 0; n < 200; n++)
			if(fn(&l))
				finish(Isheld);
		rawsyscall(SYS_clock_gettime, (uintptr)3, t[1]);
		used = (t[1][0] - t[0][0])*(int64)1000000000
			+ t[1][1] - t[0][1];
		if(used < least)
			least = used;
	}
	return least;
}

static uint32 inside, both, done1;

// Takes the lock as often as it can in 300 ms, and looks whether it is
// alone.  (This may miss two that are not, and blames nobody who is.)
static void
hammer(void)
{
	int64 end = timeawake() + 300000000;
	int i;

	for(i = 0; i % 1000 != 0 || timeawake() < end; i++)
		if(trylock(&l)) {
			if(xadd(&inside, 1) != 1)
				atomicstore(&both, 1);
			procyield();
			xadd(&inside, -1);
			m->locks--;	// nobody sleeps
			atomicstore(&l.key, Free);
		}
}

static void
other(void *arg)
{
	(void)arg;
	atomicstore(&got, 2);
	hammer();
	atomicstore(&done1, 1);
}

// Two threads at the same time.
static void
together(void)
{
	go(other, (int){ 0 });
	while(atomicload(&got) != 2)
		procyield();
	hammer();
	while(atomicload(&done1) == 0)
		procyield();
}

static void
run(void)
{
	uintptr found = 0;
	uint32 calls = atomicload(&futexcalls);
	int64 end;

	who = g;
	if(!trylock(&l))
		finish(Isfree);
	if(m->locks != 1)
		found |= Count;
	if(trylock(&l))
		finish(Isheld);
	if(m->locks != 1)
		found |= Count;
	if(atomicload(&futexcalls) != calls)
		found |= Kernel;
	if(leasttime(trylock) > 20*leasttime(looks) + 10000)
		found |= Spins;
	// As if somebody slept: the word must say so afterwards, too.
	// With a thread that does sleep this could not be seen each time,
	// for it writes Slept again if it was not quite asleep.
	atomicstore(&l.key, Slept);
	if(trylock(&l))
		finish(Isheld);
	if(atomicload(&l.key) != Slept)
		found |= Sleeper;
	atomicstore(&l.key, Held);
	gomaxprocs(2);
	m->locks = 0;
	go(wants, (int){ 0 });
	while(atomicload(&l.key) != Slept)
		procyield();
	if(trylock(&l))
		finish(Isheld);
	m->locks = 1;
	unlock(&l);
	end = timeawake() + 1500000000;
	while(atomicload(&got) == 0)
		if(timeawake() > end)
			finish(found | Sleeper);
	together();
	if(both)
		found |= Both;
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

	verdict(!(found & Isfree), "it takes a lock that is free",
		"One operation looks and takes: see " LOCKS);
	verdict(!(found & Waits), "and does not call lock for that",
		"Between the look and the call another thread may have taken "
		"it, and lock would wait");
	verdict(!(found & Isheld), "it does not take one that is held",
		"Held and Slept are both held");
	verdict(!(found & Both), "two threads do not get it at the same time",
		"One operation looks and takes: between two another thread "
		"may look, too");
	verdict(!(found & Count), "m->locks is the number of locks held",
		"gosched and unlock rely on it");
	verdict(!(found & Kernel), "it does not ask the kernel",
		"It never waits");
	verdict(!(found & Spins) || childsaid[0] != '\0',
		"it says no at once",
		"It takes 20 times as long as one look, or more");
	verdict(!(found & Sleeper), "who slept in lock is woken later",
		"The word said that somebody sleeps, and unlock reads it: "
		"see " LOCKS);
	return done();
}
