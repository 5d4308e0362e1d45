// Permits on one thread, in order, and on four threads, in number.
#include "tap.h"

#define TWO "chapter 5, \"One goroutine, two threads\""
#define CHANS "chapter 5, \"Channels with locks\""

enum { Parks = 1, Order = 2, Kept = 4, Many = 8, Hangs = 16 };
enum { Workers = 12, Rounds = 300, Permits = 3 };
static Sem s, t = { .n = Permits };
static int order[8], norder;
static uint32 inside, most, ended;

static void
waits(void *arg)
{
	semacquire(&s);
	order[norder++] = *(int *)arg;
}

static void
yields(int n)
{
	while(n-- > 0)
		gosched();
}

static void
works(void *arg)
{
	int i;
	uint32 n;

	for(i = 0; i < Rounds; i++) {
		semacquire(&t);
		n = xadd(&inside, 1);
		if(n > atomicload(&most))
			atomicstore(&most, n);
		if(i % 4 == *(int *)arg % 4)
			gosched();
		xadd(&inside, -1);
		semrelease(&t);
	}
	xadd(&ended, 1);
}

static void
run(void)
{
	uintptr found = 0;
	uint32 turns;
	int64 end;
	int i;

	semrelease(&s);
	semrelease(&s);
	semacquire(&s);
	semacquire(&s);
	for(i = 0; i < 5; i++)
		go(waits, (int){ i });
	gosched();
	turns = schedturns();
	yields(20);
	if(schedturns() - turns != 20)
		finish(Parks);
	for(i = 0; i < 5; i++) {
		semrelease(&s);
		yields(2);
		if(norder != i + 1 || order[i] != i)
			finish(Order);
	}
	if(s.n != 0)
		finish(Kept);
	gomaxprocs(4);
	for(i = 0; i < Workers; i++)
		go(works, (int){ i });
	end = nanotime() + 2000000000;
	while(atomicload(&ended) < Workers) {
		tsleep(100000);
		if(nanotime() > end)
			finish(Hangs);
	}
	if(atomicload(&most) > Permits || t.n != Permits)
		found |= Many;
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

	verdict(!(found & Parks), "who waits takes no turns",
		"park takes a goroutine off the run queue; somebody must have "
		"a pointer to it: see chapter 4, \"Park and ready\"");
	verdict(!(found & Order), "each permit goes to the one who has "
		"waited longest", "It is handed over; nobody can take it "
		"meanwhile");
	verdict(!(found & Kept), "a permit that was handed over is not "
		"counted", "Either somebody gets it, or it is added");
	verdict(!(found & Hangs), "on four threads everybody comes through",
		"The look and the queue belong together, under the lock; and "
		"nobody parks while he holds it: see " CHANS " and " TWO);
	verdict(!(found & Many), "on four threads no more than three are "
		"inside", "Two threads must not take the same permit");
	return done();
}
