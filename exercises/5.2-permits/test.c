// Permits on one thread, in order, and on four threads, in number.
// The linker leads calls of lock and unlock here, so that something can
// happen exactly before the one and after the other.
#include "tap.h"
#include <sched.h>

#define TWO "chapter 5, \"One goroutine, two threads\""
#define CHANS "chapter 5, \"Channels with locks\""

enum {
	Parks = 1, Order = 2, Kept = 4, Many = 8, Hangs = 16,
	Barge = 32, Unlocked = 64, Stale = 128, Gap = 256, Early = 512,
};
enum { Workers = 12, Rounds = 300, Permits = 3 };
static Sem s, t = { .n = Permits };
static int order[8], norder;
static uint32 inside, most, ended;

void __real_lock(Lock *l);
void __real_unlock(Lock *l);
static G *who;				// this goroutine's next
static void (*beforelock)(void);	// lock(&s.lock) is preceded
static void (*afterunlock)(void);	// its unlock followed by this
static int watched, nlocks;
static Sem seen;			// s at the last unlock

// Has anything but the lock changed since s.lock was let go?
static int
changed(void)
{
	return s.n != seen.n || s.q.first != seen.q.first
		|| s.q.last != seen.q.last;
}

void
__wrap_lock(Lock *l)
{
	void (*fn)(void) = beforelock;

	if(l == &s.lock && g == who && fn != nil) {
		beforelock = nil;
		fn();
	}
	__real_lock(l);
	if(l == &s.lock && watched) {
		nlocks++;
		if(changed())
			finish(Unlocked);
	}
}

void
__wrap_unlock(Lock *l)
{
	void (*fn)(void) = afterunlock;

	if(l == &s.lock && watched)
		seen = s;
	__real_unlock(l);
	if(l == &s.lock && g == who && fn != nil) {
		afterunlock = nil;
		fn();
	}
}

// Who is made ready may be gone before ready returns, with its SudoG.
void __real_ready(G *gp);

void
__wrap_ready(G *gp)
{
	SudoG *sg;

	for(sg = s.q.first; sg != nil; sg = sg->next)
		if(sg->gp == gp)
			finish(Early);
	__real_ready(gp);
}

static void
acquire(void)
{
	semacquire(&s);
}

static void
release(void)
{
	semrelease(&s);
}

// Calls fn, which must lock, and change nothing before and after.
static void
watch(void (*fn)(void))
{
	seen = s;
	nlocks = 0;
	watched = 1;
	fn();
	watched = 0;
	if(nlocks == 0 || changed())
		finish(Unlocked);
}

static uint32 taken, released, open, closed;

static void
takes(void *arg)
{
	(void)arg;
	semacquire(&s);
	atomicstore(&taken, 1);
}

static void
gives(void *arg)
{
	(void)arg;
	released = 1;
	semrelease(&s);
}

// One waits; the permit is its own, even if we want it back at once.
static void
passeson(void *arg)
{
	(void)arg;
	semacquire(&s);
	taken = 1;
	semrelease(&s);
}

static void
barge(void)
{
	taken = 0;
	go(passeson, (int){ 0 });
	gosched();
	semrelease(&s);
	semacquire(&s);
	if(!taken)
		finish(Barge);
}

static void
locked(void)
{
	watch(release);
	watch(acquire);
	taken = 0;
	go(takes, (int){ 0 });
	gosched();
	watch(release);
	gosched();
	if(!taken)
		finish(Unlocked);
}

// Just before one takes the lock, another one has been here.
static void
stale(void)
{
	who = g;
	taken = 0;
	go(takes, (int){ 0 });
	gosched();
	beforelock = release;
	semrelease(&s);
	gosched();
	if(!taken || s.n != 1)
		finish(Stale);
	beforelock = acquire;
	released = 0;
	go(gives, (int){ 0 });
	semacquire(&s);
	if(!released || s.n != 0)
		finish(Stale);
	beforelock = nil;
}

// The one who waits has let go of the lock, and goes on when a permit
// has been released.
static void
gap(void)
{
	atomicstore(&open, 1);
	while(!atomicload(&closed))
		sched_yield();
}

static void
victim(void *arg)
{
	who = g;
	afterunlock = gap;
	takes(arg);
}

// Two threads: main does not give up its own.
static void
between(void)
{
	int lost = 0;

	taken = 0;
	gomaxprocs(2);
	go(victim, (int){ 0 });
	while(!atomicload(&open))
		sched_yield();
	semrelease(&s);
	atomicstore(&closed, 1);
	while(!atomicload(&taken)) {
		__real_lock(&s.lock);
		lost = s.n > 0 && s.q.first != nil;
		__real_unlock(&s.lock);
		if(lost)
			finish(Gap);
		sched_yield();
	}
}

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

// Five wait on one processor, and each is woken in its turn.
static void
five(void)
{
	uint32 turns;
	int i;

	gomaxprocs(1);
	norder = 0;
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
	int64 end;
	int i;

	gomaxprocs(1);
	semrelease(&s);
	semrelease(&s);
	semacquire(&s);
	semacquire(&s);
	five();
	if(s.n != 0)
		finish(Kept);
	barge();
	locked();
	stale();
	between();
	five();		// now there is another M
	gomaxprocs(4);
	for(i = 0; i < Workers; i++)
		go(works, (int){ i });
	end = timeawake() + 2000000000;
	while(atomicload(&ended) < Workers) {
		tsleep(100000);
		if(timeawake() > end)
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
	verdict(!(found & Barge), "nor can the one who has released it take it",
		"Who is woken has the permit already: it need not look again");
	verdict(!(found & Unlocked), "a Sem changes under its lock only",
		"semrelease has the same fields in its hands as semacquire");
	verdict(!(found & Early), "who is woken has left the queue before",
		"Its SudoG may be gone as soon as it runs, and it may run "
		"at once: see " CHANS);
	verdict(!(found & Stale), "who has the lock looks for itself",
		"Just before your lock, another goroutine has come and "
		"gone.  What was seen before is true no more");
	verdict(!(found & Gap), "no permit is released between look and "
		"queue", "A Sem had a permit and a waiter at the same time: "
		"the lock was let go when the waiter had looked, and was not "
		"yet in the queue: see " CHANS);
	verdict(!(found & Hangs), "on four threads everybody comes through",
		"The look and the queue belong together, under the lock; and "
		"nobody parks while he holds it: see " CHANS " and " TWO);
	verdict(!(found & Many), "on four threads no more than three are "
		"inside", "Two threads must not take the same permit");
	return done();
}
