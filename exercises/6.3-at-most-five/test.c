// Many goroutines read from an empty pipe.  The program may have twelve
// threads.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define OUT "chapter 6, \"Out, and back\""

enum { Readers = 40, Limit = 5 };
static int p[2];
static int asked, back, most;

static void
reader(void *arg)
{
	char c;

	asked++;
	if(*(int *)arg)
		readlimited(1000, &c, 1);	// no such file
	readlimited(p[0], &c, 1);
	back++;
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
	if(most != Limit) {
		fdprintf(2, "%d at once", most);
		exits(3);
	}
	for(i = 0; i < Readers; i++) {
		rawsyscall(SYS_write, (uintptr)p[1], "x", (uintptr)1);
		while(back == i)
			gosched();
		look();
	}
	if(most != Limit) {
		fdprintf(2, "later, %d at once", most);
		exits(3);
	}
	exits(0);
}

int
main(void)
{
	int status;

	if(pipe(p) < 0)
		throw("no pipe");
	status = ingoroutine(run, 8);
	ok(status == 0, "%d read, %d at a time, and all come back",
		Readers, Limit);
	if(status != 0) {
		note("it ended with status %d, saying: %s", status, childsaid);
		note("Each goroutine in the kernel has a thread.  Who must "
			"wait for a permit should wait as a goroutine, before "
			"it is in the call: see " OUT);
	}
	return done();
}
