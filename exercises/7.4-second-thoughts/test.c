// Who is where, and in which state, when the function is asked.
#include "tap.h"

#define MC "chapter 7, \"mcall\""
#define ROUND "chapter 7, \"One round, and no loop\""

enum { Small = 1, Waits = 2, Told = 4, Runs = 8, Others = 16, Stays = 32,
	Itself = 64, Threads = 128, Registers = 256 };
enum { Workers = 6, Rounds = 60 };
static uintptr found;
static uint32 turns, ended, wrong;
static G *mine;
static int arg0;

// The linker leads calls of mcall here.  Before the next one of who,
// all others have a turn.
void __real_mcall(void (*fn)(G *));
static G *waiting;

void
__wrap_mcall(void (*fn)(G *))
{
	int status;

	if(g == waiting) {
		waiting = nil;
		status = g->status;
		g->status = Grunning;
		gosched();
		g->status = status;
	}
	__real_mcall(fn);
}

static int
looks(G *gp, void *arg)
{
	if(g != m->g0 || spnow() >= m->g0->sched.sp
	|| m->g0->sched.sp - spnow() > 4096)
		found |= Small;
	if(gp != mine || arg != &arg0)
		found |= Told;
	else if(gp->status != Gwaiting || gp->waitreason == nil
	|| *gp->waitreason != '!')
		found |= Waits;
	return 0;
}

static int
readies(G *gp, void *arg)
{
	ready(gp);
	return *(int *)arg;
}

static int
says(G *gp, void *arg)
{
	(void)gp;
	return *(int *)arg;
}

static void
counts(void *arg)
{
	for(;;) {
		turns += *(uint32 *)arg;
		gosched();
	}
}

static void
parks(void *arg)
{
	mine = g;
	parkif(says, arg, "!");
	ended++;
}

// It must neither go on before somebody calls ready, nor stay.
static void
stays(void)
{
	int i;

	go(parks, (int){ 1 });
	for(i = 0; i < 10; i++)
		gosched();
	if(ended != 0 || mine->status != Gwaiting) {
		found |= Stays;
		return;
	}
	ready(mine);
	for(i = 0; i < 10; i++)
		gosched();
	if(ended != 1)
		found |= Stays;
}

static int
adds(G *gp, void *arg)
{
	(void)gp;
	++*(int *)arg;
	return 0;
}

// On one processor: the other one asks before us.
static void
other(void *arg)
{
	int n = *(int *)arg;

	parkif(adds, &n, "!");
}

static int
both(void)
{
	int n = 0;

	go(other, (int){ 0 });
	waiting = g;
	parkif(adds, &n, "!");
	return n == 1;
}

static void
works(void *arg)
{
	int i, yes = 1, no = 0;

	for(i = 0; i < Rounds; i++) {
		parkif(says, &no, "no");
		parkif(readies, &yes, "yes");
		xadd(&wrong, g->status != Grunning || m->curg != g);
	}
	xadd(&ended, *(int *)arg);
}

static void asks(void *arg) { parkif(says, arg, "!"); }

static void
run(void)
{
	uint32 before;
	int i, yes = 1, no = 0;

	mine = g;
	parkif(looks, &arg0, "!");
	if(found & (Small | Told))
		finish(found);
	if(g->status != Grunning || m->curg != g)
		finish(found | Runs);
	if(*lost(asks, &no) != '\0')
		found |= Registers;
	if(!both())
		found |= Threads;
	go(counts, (uint32){ 1 });
	before = turns;
	for(i = 0; i < 10; i++)
		parkif(says, &no, "!");
	if(turns != before)
		found |= Others;
	parkif(readies, &yes, "!");
	if(turns == before)
		found |= Itself;
	stays();
	if(found & Stays)
		finish(found);
	ended = 0;
	gomaxprocs(3);
	for(i = 0; i < Workers; i++)
		go(works, (int){ 1 });
	while(atomicload(&ended) < Workers)
		gosched();
	finish(found | (wrong != 0 ? Threads : 0));
}

static uintptr
child(void)
{
	rtstart(run);
}

int
main(void)
{
	found = troubles(child);
	verdict(!(found & Small), "it asks on g0's stack",
		"Only there has the goroutine left its own: see " MC);
	verdict(!(found & Told), "fn is told who it is, and its argument",
		"mcall passes nothing but the G; the rest must be where the "
		"function can find it");
	verdict(!(found & Waits), "the goroutine waits by then",
		"fn may call ready, which wants somebody who waits, and a "
		"report wants the reason");
	verdict(!(found & Runs), "a 0, and it runs again",
		"Status and m->curg are those of one that runs");
	verdict(!(found & Registers), "no register is lost",
		"The goroutine is continued where mcall has saved it");
	verdict(!(found & Others), "and nobody has run in between",
		"It is to go on at once: gogo, and not schedule");
	verdict(!(found & Itself), "fn may call ready itself",
		"Then the answer is 1, and the others come first: see "
		ROUND);
	verdict(!(found & Stays), "a 1, and it waits for ready",
		"schedule is told which goroutine has stopped: see " ROUND);
	verdict(!(found & Threads), "several goroutines do it at a time",
		"Each goroutine needs its own place for what it leaves");
	return done();
}
