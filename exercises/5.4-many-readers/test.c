// A script with one processor, and a crowd with four.  The linker
// leads calls of lock and unlock here.
#include "tap.h"
#include <sched.h>
#include <string.h>

enum { Together = 1, Alone = 2, Overtaken = 4, Batch = 8, Hangs = 16,
	Crowd = 32, Polls = 64, Unlocked = 128, Lost = 256 };
enum { Workers = 12, Rounds = 200 };
static RWLock l, k;
static int log[16], nlog;
static uint32 readers, writers, bad, ended;
static Hchan *letgo_;

void __real_lock(Lock *l);
void __real_unlock(Lock *l);
static RWLock seen;		// l at the last unlock
static int watched;
static G *who;			// after this one's unlock number
static int nth;			// nth of l.lock,
static void leaves(void);	// another thread leaves l

// Has anything but the lock changed since l.lock was let go?
static void
unchanged(void)
{
	if(watched && (l.readers != seen.readers
	|| l.writing != seen.writing || l.q.first != seen.q.first
	|| l.q.last != seen.q.last))
		finish(Unlocked);
}

void
__wrap_lock(Lock *k)
{
	__real_lock(k);
	if(k == &l.lock)
		unchanged();
}

void
__wrap_unlock(Lock *k)
{
	if(k == &l.lock)
		seen = l;
	__real_unlock(k);
	if(k == &l.lock && g == who && --nth == 0)
		leaves();
}

// Those who wait take no turns, and no timer wakes them.
static int
patient(void)
{
	uint32 turns = schedturns();
	int i;
	G *gp;

	for(i = 0; i < 20; i++)
		gosched();
	if(schedturns() - turns != 20)
		return 0;
	for(gp = allg; gp != nil; gp = gp->alllink)
		if(gp->status == Gwaiting
		&& strcmp(gp->waitreason, "sleep") == 0)
			return 0;
	return 1;
}

static void
reads(void *arg)
{
	readlock(&l);
	log[nlog++] = *(int *)arg;
	chanrecv(letgo_, nil);
	readunlock(&l);
}

static void
writes(void *arg)
{
	writelock(&l);
	log[nlog++] = 100 + *(int *)arg;
	chanrecv(letgo_, nil);
	writeunlock(&l);
}

static void
yields(void)
{
	int i;

	for(i = 0; i < 40; i++)
		gosched();
}

// The entries from number n on are these, in this order.
static int
logged(int n, int count, const int *want)
{
	int i;

	if(nlog != n + count)
		return 0;
	for(i = 0; i < count; i++)
		if(log[n + i] != want[i])
			return 0;
	return 1;
}

static uintptr
script(void)
{
	letgo_ = makechan(0, 0);
	gomaxprocs(1);
	seen = l;
	watched = 1;
	go(reads, (int){ 1 });
	go(reads, (int){ 2 });
	yields();
	if(!logged(0, 2, (int []){ 1, 2 }))
		return Together;
	go(writes, (int){ 1 });
	yields();
	if(nlog != 2)
		return Alone;
	go(reads, (int){ 3 });
	go(reads, (int){ 4 });
	go(writes, (int){ 2 });
	yields();
	if(nlog != 2)
		return Overtaken;
	if(!patient())
		return Polls;
	chansend(letgo_, nil);
	yields();
	if(nlog != 2)
		return Alone;
	chansend(letgo_, nil);
	yields();
	if(!logged(2, 1, (int []){ 101 }))
		return nlog == 2 ? Hangs : Alone;
	chansend(letgo_, nil);
	yields();
	if(!logged(3, 2, (int []){ 3, 4 }))
		return Batch;
	chansend(letgo_, nil);
	chansend(letgo_, nil);
	yields();
	if(!logged(5, 1, (int []){ 102 }))
		return Batch;
	chansend(letgo_, nil);
	yields();
	unchanged();
	watched = 0;
	return l.readers != 0 || l.writing ? Unlocked : 0;
}

static uint32 left, in;
static int writer;

// The one who waits has let go of the lock.  It goes on when the one
// inside has left.
static void
leaves(void)
{
	atomicstore(&left, 1);
	while(atomicload(&left) == 1)
		sched_yield();
}

static void
victim(void *arg)
{
	nth = *(int *)arg;
	who = g;
	(writer ? writelock : readlock)(&l);
	who = nil;
	atomicstore(&in, 1);
	(writer ? writeunlock : readunlock)(&l);
}

// Two threads.  Main is inside, and leaves after the unlock number n
// of the other one, or when it has parked.  Only then does it give up
// its thread.
static void
leaving(int wewrite, int n)
{
	G *gp;
	int i;

	left = in = 0;
	who = nil;
	(wewrite ? writelock : readlock)(&l);
	go(victim, (int){ n });
	while((gp = *(G *volatile *)&who) == nil)
		sched_yield();
	while(gp->status != Gwaiting && atomicload(&left) == 0)
		sched_yield();
	(wewrite ? writeunlock : readunlock)(&l);
	atomicstore(&left, 2);
	for(i = 0; atomicload(&in) == 0; i++) {
		if(i == 1000)
			finish(Lost);
		tsleep(1000000);
	}
}

static void
races(void)
{
	int n;

	gomaxprocs(2);
	for(n = 1; n < 4; n++) {
		writer = 0;
		leaving(1, n);
		writer = 1;
		leaving(1, n);
		leaving(0, n);
	}
	finish(0);
}

static void
works(void *arg)
{
	int i;

	for(i = 0; i < Rounds; i++) {
		if((i + *(int *)arg) % 4 != 0) {
			readlock(&k);
			xadd(&readers, 1);
			xadd(&bad, atomicload(&writers) != 0);
			if(i % 5 == 0)
				gosched();
			xadd(&readers, -1);
			readunlock(&k);
			continue;
		}
		writelock(&k);
		xadd(&bad, xadd(&writers, 1) != 1);
		xadd(&bad, atomicload(&readers) != 0);
		if(i % 3 == 0)
			gosched();
		xadd(&writers, -1);
		writeunlock(&k);
	}
	xadd(&ended, 1);
}

static void
run(void)
{
	uintptr found = script();
	int64 end;
	int i;

	if(found != 0)
		finish(found);
	gomaxprocs(4);
	for(i = 0; i < Workers; i++)
		go(works, (int){ i });
	end = timeawake() + 1800000000;
	while(atomicload(&ended) < Workers) {
		tsleep(100000);
		if(timeawake() > end)
			finish(Hangs);
	}
	finish(bad != 0 ? Crowd : 0);
}

static uintptr child1(void) { rtstart(run); }
static uintptr child2(void) { rtstart(races); }

int
main(void)
{
	uintptr found = troubles(child1) | troubles(child2);

	verdict(!(found & Together), "readers read at the same time",
		"A reader that finds readers goes in, if nobody waits");
	verdict(!(found & Alone), "a writer writes alone",
		"It goes in when the last reader has left");
	verdict(!(found & Overtaken), "nobody overtakes a writer that waits",
		"Or readers that keep coming would keep it out for ever");
	verdict(!(found & Batch), "behind it, the readers go in together",
		"Up to the next writer; and the last of them lets that one in");
	verdict(!(found & Hangs), "everybody gets in",
		"Whoever leaves looks who can go on.  Whether one has to wait "
		"is known under the lock: see chapter 5, \"One goroutine, two "
		"threads\"");
	verdict(!(found & Polls), "who waits takes no turns",
		"It is parked, and those who leave make it ready");
	verdict(!(found & Unlocked), "an RWLock changes under its lock only, "
		"and is free in the end", "That holds for those who leave, "
		"too");
	verdict(!(found & Lost), "who leaves while another one comes, wakes "
		"it", "Look and queue belong together, under the lock");
	verdict(!(found & Crowd), "also on four threads",
		"Never a writer and somebody else");
	return done();
}
