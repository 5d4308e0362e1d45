// One goroutine does not stop, and then it does.
#include "tap.h"
#include <unistd.h>

#define WORLD "chapter 5, \"More, fewer, one\""

enum { Late = 1, Early = 2, Half = 4, Again = 8, Spins = 16, Moved = 32 };
static int64 Ms = 1000000;
static uint32 spinning, stop, moving, in, metup;
static int p[2];

// Counts the locks of a goroutine; the linker leads the calls here.
void __real_lock(Lock *l);
static G *who;
static int nlocks;

void
__wrap_lock(Lock *l)
{
	nlocks += g == who;
	__real_lock(l);
}

static void
spins(void *arg)
{
	(void)arg;
	atomicstore(&spinning, 1);
	while(!atomicload(&stop))
		procyield();
	xadd(&spinning, 1);
}

static void
moves(void *arg)
{
	(void)arg;
	while(atomicload(&stop) < 2) {
		xadd(&moving, 1);
		gosched();
	}
}

static void
reads(void *arg)
{
	char c;

	(void)arg;
	atomicstore(&in, 1);
	sysread(p[0], &c, 1);
	atomicstore(&in, 2);
}

// Three at a time, and none of them stops.
static void
meets(void *arg)
{
	(void)arg;
	xadd(&metup, 1);
	while(atomicload(&metup) < 3)
		procyield();
}

static uintptr
parallel(void)
{
	int64 end = timeawake() + 1500*Ms;

	metup = 0;
	go(meets, (int){ 0 });
	go(meets, (int){ 0 });
	xadd(&metup, 1);
	while(atomicload(&metup) < 3)
		if(timeawake() > end)
			return Half;
	return 0;
}

// Does the one that has stopped go on, though we do not stop?
static int
goeson(void)
{
	uint32 before = atomicload(&moving);
	int64 end = timeawake() + 1500*Ms;

	while(atomicload(&moving) == before)
		if(timeawake() > end)
			return 0;
	return 1;
}

static void
run(void)
{
	uintptr found = 0;
	uint32 before;
	int i;

	gomaxprocs(3);
	go(spins, (int){ 0 });
	go(moves, (int){ 0 });
	while(atomicload(&spinning) == 0 || atomicload(&moving) == 0)
		procyield();
	for(i = 0; i < 3; i++) {
		nlocks = 0;
		who = g;
		if(trystoptheworld(40*Ms) != 0)
			finish(Late);
		who = nil;
		if(nlocks > 10)
			finish(Spins);
		if(!goeson())
			finish(Half);
	}
	atomicstore(&stop, 1);
	while(atomicload(&spinning) == 1)
		procyield();
	found |= parallel();
	if(found != 0)
		finish(found);
	go(reads, (int){ 0 });
	while(atomicload(&in) == 0)
		gosched();
	if(trystoptheworld(1000*1000*Ms) != 1)
		finish(Early);
	before = atomicload(&moving);
	for(i = 0; i < 200000; i++)
		procyield();
	if(trystoptheworld(Ms) != 0)
		finish(Again);
	if(atomicload(&moving) != before)
		found |= Moved;
	starttheworld();
	while(atomicload(&moving) == before)
		procyield();
	rawsyscall(SYS_write, (uintptr)p[1], "x", (uintptr)1);
	while(atomicload(&in) == 1)
		gosched();
	stoptheworld();
	starttheworld();
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
	uintptr found;

	if(pipe(p) < 0)
		throw("no pipe");
	found = troubles(child);
	verdict(!(found & Late), "it gives up if somebody does not stop",
		"A goroutine is spinning, and it will not stop within forty "
		"milliseconds");
	verdict(!(found & Half), "and then three run at once, as before",
		"Whoever gives up must leave everything as it was, and those "
		"who have stopped must be told: see " WORLD);
	verdict(!(found & Early), "if they stop in time, it succeeds",
		"They stop one after the other; the time has not come to its "
		"end.  Who is in a system call need not be waited for");
	verdict(!(found & Again), "a world that is stopped is not stopped again",
		"Only one can stop it: the answer is 0, at once");
	verdict(!(found & Spins), "it sleeps meanwhile",
		"The last who stops wakes it, or the time: see sleepm");
	verdict(!(found & Moved), "and nobody moves", "See " WORLD);
	return done();
}
