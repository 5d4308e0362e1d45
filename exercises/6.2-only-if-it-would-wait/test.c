// A counter that somebody else increments says whether the processor was
// given away.
#include "tap.h"
#include <unistd.h>

#define OUT "chapter 6, \"Out, and back\""

enum { Data = 1, End = 2, Bad = 4, Keeps = 8, Waits = 16, Polls = 32 };
static int p[2];
static volatile uint32 turns;
static uint32 reading;
static G *who;

static void
counts(void *arg)
{
	(void)arg;
	for(;;) {
		turns++;
		gosched();
	}
}

// Is the result right, and did nobody else run?
static uintptr
kept(int fd, intptr want, uintptr bit)
{
	char c = 0;
	uint32 before = turns;
	intptr r = readif(fd, &c, 1);

	return (r != want || (want == 1 && c != 'x') ? bit : 0)
		| (turns != before ? (uintptr)Keeps : 0);
}

static void
reader(void *arg)
{
	char c = 0;

	(void)arg;
	who = g;
	reading = 1;
	if(readif(p[0], &c, 1) != 1 || c != 'y')
		finish(Waits);
	reading = 2;
}

static void
run(void)
{
	uintptr found = 0;
	int i;

	go(counts, (int){ 0 });
	for(i = 0; i < 20; i++) {
		rawsyscall(SYS_write, (uintptr)p[1], "x", (uintptr)1);
		found |= kept(p[0], 1, Data);
		gosched();
	}
	found |= kept(1000, -9, Bad);
	go(reader, (int){ 0 });
	while(reading == 0)
		gosched();
	for(i = 0; i < 20; i++) {	// it is in the call, and stays there
		if(who->status != Gsyscall)
			found |= Polls;
		gosched();
	}
	rawsyscall(SYS_write, (uintptr)p[1], "y", (uintptr)1);
	while(reading == 1)
		gosched();
	rawsyscall(SYS_close, (uintptr)p[1]);
	found |= kept(p[0], 0, End);
	finish(found);
}

static uintptr
child(void)
{
	if(pipe(p) < 0)
		throw("no pipe");
	rtstart(run);
}

int
main(void)
{
	uintptr found;

	found = troubles(child);
	verdict(!(found & Keeps), "it keeps its processor if it need not wait",
		"Somebody else ran during a read that could be done at once. "
		"A file that has come to its end, or is not open, need not "
		"be waited for either");
	verdict(!(found & Data), "it reads", "The result is that of read");
	verdict(!(found & Bad), "a bad descriptor is an error at once",
		"The kernel says so when it is asked to read");
	verdict(!(found & End), "at the end it returns 0",
		"Nothing is there, and nothing will come");
	verdict(!(found & Waits), "if it has to wait, the others run",
		"There is one processor, and the goroutine that will write "
		"needs it: see " OUT);
	verdict(!(found & Polls), "and it waits in the kernel",
		"Who asks again and again takes turns, or comes late");
	return done();
}
