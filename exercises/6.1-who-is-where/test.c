// Six goroutines, each in another state, and what is said of them.
#include "tap.h"
#include <string.h>
#include <unistd.h>

static int p[2];
static G *gs[8];

static void
reads(void *arg)
{
	char c;

	gs[*(int *)arg] = g;
	sysread(p[0], &c, 1);
}

static void
parks(void *arg)
{
	gs[*(int *)arg] = g;
	park("a letter", nil);
}

static void
sleeps(void *arg)
{
	gs[*(int *)arg] = g;
	tsleep(3600000000000);
}

static void
ends(void *arg)
{
	gs[*(int *)arg] = g;
}

static void
locks(void *arg)
{
	gs[*(int *)arg] = g;
	lockOSThread();
	park("the thread", nil);
}

static void
runs(void *arg)
{
	gs[*(int *)arg] = g;
	for(;;)
		gosched();
}

static int
inplace(void)
{
	int i;

	for(i = 2; i <= 7; i++)
		if(gs[i] == nil)
			return 0;
	return gs[2]->status == Gsyscall && gs[3]->status == Gwaiting
		&& gs[4]->status == Gwaiting && gs[5]->status == Gdead
		&& gs[6]->status == Gwaiting;
}

static void
show(void)
{
	go(reads, (int){ 2 });
	go(parks, (int){ 3 });
	go(sleeps, (int){ 4 });
	go(ends, (int){ 5 });
	go(locks, (int){ 6 });
	go(runs, (int){ 7 });
	while(!inplace())
		gosched();
	showall();
	exits(0);
}

// The line that begins so is in what was said.
static void
line(const char *what, const char *advice)
{
	const char *at = strstr(childsaid, what);

	ok(at != nil && (at == childsaid || at[-1] == '\n'), "%s", what);
	if(at == nil)
		note("%s", advice);
}

int
main(void)
{
	if(pipe(p) < 0)
		throw("no pipe");
	ingoroutine(show, 5);
	line("goroutine 7 [runnable]\n", "It is on the run queue");
	line("goroutine 6 [the thread, locked]\n",
		"lockedm is set: see chapter 6, \"A goroutine and its "
		"thread\"");
	line("goroutine 4 [sleep]\n", "A sleeper is parked");
	line("goroutine 3 [a letter]\n",
		"waitreason says what a parked one waits for: see chapter "
		"4, \"Park and ready\"");
	line("goroutine 2 [syscall]\n",
		"Gsyscall is a state of its own: see chapter 6, \"Out, and "
		"back\"");
	line("goroutine 1 [running]", "You are one of them");
	ok(strstr(childsaid, "goroutine 5") == nil, "and no dead one");
	ok(strstr(childsaid, "goroutine 0") == nil, "nor g0");
	note("it said: %s", childsaid);
	return done();
}
