// A function that uses two hundred kilobytes of stack, and four threads
// that do it at the same time.
#include "tap.h"

#define MC "chapter 7, \"mcall\""

enum { Small = 1, Who = 2, Arg = 4, Others = 8, Threads = 16, Lost = 32,
	Line = 64, Mcall = 128 };
enum { Workers = 6, Rounds = 40 };
static volatile uint32 turns;
static uint32 wrong, ended;
static uintptr sp;
static G *who;
static void *got;

// The linker leads calls of mcall here.  Before the next one of who,
// all others have a turn.
void __real_mcall(void (*fn)(G *));
static G *waiting;
static uint32 nmcalls;

void
__wrap_mcall(void (*fn)(G *))
{
	xadd(&nmcalls, 1);
	if(g == waiting) {
		waiting = nil;
		gosched();
	}
	__real_mcall(fn);
}

static void
large(void *arg)
{
	volatile byte pad[200000];

	pad[0] = pad[sizeof pad - 1] = 1;
	sp = spnow();
	who = g;
	got = arg;
}

static void
looks(void *arg)
{
	sp = spnow();
	who = g;
	got = arg;
}

static void
counts(void *arg)
{
	(void)arg;
	for(;;) {
		turns++;
		gosched();
	}
}

static void
adds(void *arg)
{
	++*(int *)arg;
}

static void
works(void *arg)
{
	int i, n = 0;

	for(i = 0; i < Rounds; i++) {
		onsched(adds, &n);
		if(i % 5 == 0)
			gosched();
	}
	xadd(&wrong, n != Rounds);
	xadd(&ended, *(int *)arg);
}

// On one processor: the other one comes before us.
static void
other(void *arg)
{
	int n = 0;

	(void)arg;
	onsched(adds, &n);
}

static int
both(void)
{
	int n = 0;

	go(other, (int){ 0 });
	waiting = g;
	onsched(adds, &n);
	return n == 1;
}

static void calls(void *arg) { onsched(looks, arg); }

static void
run(void)
{
	uintptr found = 0, line = m->g0->sched.sp;
	uint32 before;
	int i;

	onsched(looks, &found);
	if(sp >= line || line - sp > 4096)
		finish(Small);
	if(who != m->g0)
		found |= Who;
	if(got != &found)
		finish(found | Arg);
	onsched(large, &found);
	if(*lost(calls, nil) != '\0')
		found |= Lost;
	if(m->g0->sched.sp != line)
		found |= Line;
	nmcalls = 0;
	onsched(looks, nil);
	if(nmcalls == 0)
		found |= Mcall;
	if(!both())
		found |= Threads;
	go(counts, (int){ 0 });
	before = turns;
	for(i = 0; i < 10; i++)
		onsched(looks, nil);
	if(turns != before)
		found |= Others;
	gomaxprocs(4);
	for(i = 0; i < Workers; i++)
		go(works, (int){ 1 });
	while(atomicload(&ended) < Workers)
		gosched();
	if(wrong != 0)
		found |= Threads;
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

	verdict(!(found & Small), "it runs on g0's stack",
		"mcall goes there: see " MC);
	verdict(!(found & Who), "g is g0 meanwhile", "mcall sees to it");
	verdict(!(found & Mcall), "it goes there by mcall",
		"ong0 is what this is to be compared with");
	verdict(!(found & Arg), "it gets its argument",
		"mcall passes nothing but the G; the rest must be where the "
		"function can find it");
	verdict(!(found & Lost), "no register is lost",
		"The goroutine is continued where mcall has saved it");
	verdict(!(found & Line), "g0's sp is as before", "Nobody moves it");
	verdict(!(found & Others), "nobody else runs meanwhile",
		"The goroutine is to go on at once: gogo, and not schedule");
	verdict(!(found & Threads), "several goroutines do it at a time",
		"Each goroutine needs its own place for what it leaves");
	return done();
}
