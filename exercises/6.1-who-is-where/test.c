// Six goroutines, each in another state, and what is said of them.
#include "tap.h"
#include <string.h>
#include <unistd.h>

static int p[2];
static G *gs[8];
static int role[8];	// who does what
static char letter[] = "a letter A";

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
	park(letter, nil);
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

static void (*const does[])(void *) = {
	reads, parks, sleeps, ends, locks, runs
};
enum { Reads, Parks, Sleeps, Ends, Locks, Runs };

static int
inplace(void)
{
	static const int status[] = {
		Gsyscall, Gwaiting, Gwaiting, Gdead, Gwaiting, Grunnable
	};
	int i;

	for(i = 2; i <= 7; i++)
		if(gs[i] == nil || gs[i]->status != status[role[i]])
			return 0;
	return 1;
}

static void
show(void)
{
	int i;

	for(i = 2; i <= 7; i++)
		go(does[role[i]], (int){ i });
	while(!inplace())
		gosched();
	showall();
	exits(0);
}

// Draws the roles.
static void
shuffle(void)
{
	int i, k, r;

	for(i = 2; i <= 7; i++)
		role[i] = i - 2;
	for(i = 7; i > 2; i--) {
		k = 2 + rnd() % (i - 1);
		r = role[i];
		role[i] = role[k];
		role[k] = r;
	}
	letter[sizeof letter - 2] = 'A' + rnd() % 26;
}

// The line for goroutine i is in what was said, after *from.
static void
line(int i, const char *what, const char *advice, const char **from)
{
	char s[60];
	const char *at;

	strcpy(s, "goroutine ? [");
	s[10] = '0' + i;
	strcat(strcat(s, what), "]\n");
	at = strstr(childsaid, s);
	if(at == nil && i == 1) {	// the last one: no \n is left
		s[strlen(s) - 1] = '\0';
		at = strstr(childsaid, s);
	}
	ok(at != nil && (at == childsaid || at[-1] == '\n'),
		"goroutine %d [%s]", i, what);
	if(at == nil)
		note("%s", advice);
	else if(at < *from) {
		ok(0, "in the order of the list of all");
		note("allg and alllink: the newest first");
	} else
		*from = at;
}

static void
dead(int i)
{
	char s[] = "goroutine ?";

	s[10] = '0' + i;
	ok(strstr(childsaid, s) == nil, "%s",
		i == 0 ? "g0 is not there" : "a dead one is not there");
}

static const struct {
	const char *what, *advice;
} lines[] = {
	[Reads] = { "syscall", "Gsyscall is a state of its own: see chapter "
		"6, \"Out, and back\"" },
	[Parks] = { letter, "waitreason says what a parked one waits for: "
		"see chapter 4, \"Park and ready\"" },
	[Sleeps] = { "sleep", "A sleeper is parked" },
	[Locks] = { "the thread, locked", "lockedm is set: see chapter 6, "
		"\"A goroutine and its thread\"" },
	[Runs] = { "runnable", "It is on the run queue" },
};

int
main(void)
{
	const char *from = childsaid;
	int i;

	if(pipe(p) < 0)
		throw("no pipe");
	shuffle();
	ingoroutine(show, 5);
	for(i = 7; i >= 2; i--)
		if(role[i] == Ends)
			dead(i);
		else
			line(i, lines[role[i]].what, lines[role[i]].advice,
				&from);
	line(1, "running", "You are one of them", &from);
	dead(0);
	note("it said: %s", childsaid);
	return done();
}
