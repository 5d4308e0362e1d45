// A script with one processor, and a crowd with four.
#include "tap.h"

enum { Together = 1, Alone = 2, Overtaken = 4, Batch = 8, Hangs = 16,
	Crowd = 32 };
enum { Workers = 12, Rounds = 200 };
static RWLock l, k;
static int log[16], nlog;
static uint32 readers, writers, bad, ended;
static Hchan *letgo_;

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
	return 0;
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
	end = nanotime() + 1800000000;
	while(atomicload(&ended) < Workers) {
		tsleep(100000);
		if(nanotime() > end)
			finish(Hangs);
	}
	finish(bad != 0 ? Crowd : 0);
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
	verdict(!(found & Crowd), "also on four threads",
		"Never a writer and somebody else");
	return done();
}
