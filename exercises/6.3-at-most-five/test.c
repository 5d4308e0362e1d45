// Many goroutines read from an empty pipe.  The program may have twelve
// threads.
#include "tap.h"
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define OUT "chapter 6, \"Out, and back\""

enum { Readers = 40, Limit = 5, Gaps = 3, Few = 6, Bytes = 50*Few };
enum { Fewer = 4 };	// the status if a permit was lost
static int p[2];
static int asked, most;
static uint32 back;

// The linker leads calls of unlock here.  After the nth one of the
// goroutine who, gap is called.
void __real_unlock(Lock *l);
static G *who;
static int nth;
static uint32 given;		// the first one's byte is on its way
static void gap(void);

void
__wrap_unlock(Lock *l)
{
	int mine = g == who;

	__real_unlock(l);
	if(mine && --nth == 0)
		gap();
}

static void
reader(void *arg)
{
	char c;

	asked++;
	if(*(int *)arg)
		readlimited(1000, &c, 1);	// no such file
	readlimited(p[0], &c, 1);
	xadd(&back, 1);
}

static int
reading(void)
{
	int n = 0;
	G *gp;

	for(gp = allg; gp != nil; gp = gp->alllink)
		n += gp->status == Gsyscall;
	return n;
}

static void
look(void)
{
	int i;

	for(i = 0; i < 3*Readers; i++) {
		gosched();
		if(reading() > most)
			most = reading();
	}
}

static void
fail(const char *why)
{
	fdprintf(2, "%s", why);
	exits(3);
}

// Those who wait take no turns, and no timer wakes them.
static void
patient(void)
{
	uint32 turns = schedturns();
	int i;
	G *gp;

	for(i = 0; i < 20; i++)
		gosched();
	if(schedturns() - turns != 20)
		fail("those who wait take turns: they look again and again");
	for(gp = allg; gp != nil; gp = gp->alllink)
		if(gp->status == Gwaiting
		&& strcmp(gp->waitreason, "sleep") == 0)
			fail("one who waits for a permit sleeps and looks "
				"again");
}

static void
give(void)
{
	rawsyscall(SYS_write, (uintptr)p[1], "x", (uintptr)1);
}

// The one who waits has let go of a lock.  It goes on when the permit
// has come back.
static void
gap(void)
{
	if(!cas(&given, 0, 1))
		return;
	give();
	while(atomicload(&back) == 0)
		sched_yield();
}

static void
second(void *arg)
{
	nth = *(int *)arg;
	who = g;
	reader(&(int){ 0 });
}

// One permit; the second one asks while the first one comes back.
static void
between(int n)
{
	G *gp;
	int i;

	maxthreads = 12;
	gomaxprocs(3);
	syslimit(1);
	go(reader, (int){ 0 });
	while(reading() == 0)
		gosched();
	go(second, (int){ n });
	while(who == nil)
		gosched();
	gp = who;
	while(gp->status != Gwaiting && atomicload(&given) == 0)
		sched_yield();
	if(cas(&given, 0, 1))
		give();		// it has parked before its nth unlock
	for(i = 0; gp->status != Gsyscall; i++) {
		if(i == 3000)
			fail("a permit has come back, and one who waits for it "
				"still sleeps");
		tsleep(1000000);
	}
	exits(0);
}

static void between1(void) { between(1); }
static void between2(void) { between(2); }
static void between3(void) { between(3); }

static void
run(void)
{
	int i;

	maxthreads = 12;
	syslimit(Limit);
	for(i = 0; i < Readers; i++)
		go(reader, (int){ i % 4 == 0 });
	while(asked < Readers)
		gosched();
	look();
	patient();
	if(most != Limit) {
		fdprintf(2, "%d at once", most);
		exits(most < Limit ? Fewer : 3);
	}
	for(i = 0; i < Readers; i++) {
		rawsyscall(SYS_write, (uintptr)p[1], "x", (uintptr)1);
		while(atomicload(&back) == (uint32)i)
			gosched();
		look();
	}
	if(most != Limit) {
		fdprintf(2, "later, %d at once", most);
		exits(most < Limit ? Fewer : 3);
	}
	exits(0);
}

// One permit, and there is always something to read.
static uint32 reads, had[Few];

static void
hungry(void *arg)
{
	char c;

	for(;;) {
		readlimited(p[0], &c, 1);
		had[*(int *)arg]++;
		xadd(&reads, 1);
	}
}

static void
turns(void)
{
	int i;

	syslimit(1);
	for(i = 0; i < Few; i++)
		go(hungry, (int){ i });
	for(i = 0; i < 3*Few || reading() == 0; i++)
		gosched();
	for(i = 0; i < Bytes; i++)
		give();
	while(atomicload(&reads) < Bytes)
		gosched();
	for(i = 0; i < Few; i++)
		if(had[i] < Bytes/Few/2) {
			fdprintf(2, "of %d reads, one of %d goroutines had %d",
				Bytes, Few, had[i]);
			exits(3);
		}
	exits(0);
}

int
main(void)
{
	static void (*gaps[Gaps])(void) = { between1, between2, between3 };
	int status, i;

	if(pipe(p) < 0)
		throw("no pipe");
	status = ingoroutine(run, 8);
	ok(status == 0, "%d read, %d at a time, and all come back",
		Readers, Limit);
	if(status != 0) {
		note("it ended with status %d, saying: %s", status, childsaid);
		note("%s", status == Fewer || status == 128 + SIGALRM
			? "Permits were lost, it seems.  Does one "
			"come back when the call fails?"
			: "Each goroutine in the kernel has a thread.  Who must "
			"wait for a permit should wait as a goroutine, before "
			"it is in the call: see " OUT);
		return done();
	}
	for(i = 0; i < Gaps; i++)
		if((status = ingoroutine(gaps[i], 8)) != 0)
			break;
	ok(status == 0, "a permit that comes back while another goroutine "
		"asks for it is not lost");
	if(status != 0)
		note("it ended with status %d, saying: %s.  Look and queue "
			"belong together, under one lock", status, childsaid);
	status = ingoroutine(turns, 8);
	ok(status == 0, "who waits gets a turn before one that comes later");
	if(status != 0)
		note("it ended with status %d, saying: %s.  Who gives a permit "
			"back knows who has waited longest", status, childsaid);
	return done();
}
