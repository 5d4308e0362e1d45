// Counts how often those who wait are run, and compares who is woken,
// and when, with a model.
#include "tap.h"
#include "chan.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define PARK "chapter 4, \"Park and ready\""
#define QUEUES "chapter 4, \"A channel and its two queues\""
#define DEAD "chapter 4, \"When everybody waits\""

enum {
	Max = 20,
	Ops = 30,		// of each goroutine
	Conds = 3,
	Main = 0,
};
enum { Wait, Signal, Broadcast, Yield };

typedef struct Event Event;
struct Event {
	short who, op;
};

// What the test and the child process share.
static struct {
	int ended;		// the child came to its end
	const char *what, *see;	// or this was wrong
	int got, want;

	int n;			// so many goroutines, and main
	byte kind[Max+1][Ops], on[Max+1][Ops];
	int nlog;		// who has done what
	Event log[(Max+1)*Ops];
} *s;

// Conds, and what happens to lie behind them.
static struct {
	Cond c;
	uintptr behind[16];
} cond[Conds];

static int order[4*Max], norder;	// who has returned from condwait
static G *waiter[Max];

// Ends the child if got is not want.  Strings are where they were.
static void
same(int got, int want, const char *what, const char *see)
{
	if(got == want)
		return;
	s->what = what;
	s->see = see;
	s->got = got;
	s->want = want;
	exits(3);
}

static void
yields(int n)
{
	while(n-- > 0)
		gosched();
}

// The k-th to return was this one.
static void
served(int k, int who)
{
	same(k < norder ? order[k] : -1, who,
		"waiter %d came back, where it was the turn of %d",
		"Who has waited longest is woken first; who waits again "
		"is the last again.  New ones join at one end and leave "
		"at the other: see " QUEUES);
}

static void
count(int want)
{
	same(norder, want, "%d have returned from condwait, not %d",
		"condsignal wakes one, if one is there, and runs nobody; "
		"condbroadcast wakes all who are there then.  Who is woken has left the queue at "
		"once, and a new one finds a queue in good order");
}

// Waits so often.
typedef struct Waiter Waiter;
struct Waiter {
	int id, times;
};

static void
waits(void *arg)
{
	Waiter w = *(Waiter *)arg;

	waiter[w.id] = g;
	while(w.times-- > 0) {
		condwait(&cond->c);
		order[norder++] = w.id;
	}
}

static int
start(int times)
{
	int i, n = 3 + rnd() % (Max - 3);

	for(i = 0; i < n; i++)
		go(waits, (Waiter){ i, times });
	gosched();
	return n;
}

static void
asleep(void)
{
	int i, n = start(1);
	uint32 turns = schedturns();

	yields(20);
	turns = schedturns() - turns;
	same(turns, 20, "20 calls of gosched took %d turns, not %d",
		"Who waits looks again, and somebody has to run it.  A "
		"goroutine that is parked is on no queue of the "
		"scheduler: see " PARK);
	for(i = 0; i < n; i++)
		same(waiter[i]->status, Gwaiting,
			"the status of one is %d, not %d",
			"park makes it Gwaiting: see " PARK);
	count(0);
}

static void
oneeach(void)
{
	int i, n = start(1), first = 1 + rnd() % (n - 2);

	for(i = 0; i < first; i++) {
		condsignal(&cond->c);
		count(i);
		gosched();
		count(i + 1);
	}
	for(; i < n; i++)	// nobody runs between these
		condsignal(&cond->c);
	gosched();
	count(n);
	for(i = 0; i < n; i++)
		served(i, i);
	same(gcount(), 1, "%d goroutines are alive, not %d",
		"Nobody is needed but those who wait");
}

static void
nobody(void)
{
	int i, n;

	for(i = rnd() % 4; i >= 0; i--) {
		condsignal(&cond->c);
		condbroadcast(&cond->c);
	}
	n = start(1);
	gosched();
	same(norder, 0, "%d went through on a signal from before, not %d",
		"A signal when nobody waits is over; that is where a "
		"condition and a semaphore differ");
	condsignal(&cond->c);
	gosched();
	count(1);
	condbroadcast(&cond->c);
	gosched();
	count(n);
	start(1);
	condsignal(&cond->c);
	gosched();
	count(n + 1);
}

static void
again(void)
{
	int i, n = start(3), k = 1 + rnd() % (2*n);

	for(i = 0; i < k; i++) {
		condsignal(&cond->c);
		if(i % n == n - 1 || rnd() % 2)
			gosched();
	}
	gosched();
	count(k);
	for(i = 0; i < k; i++)
		served(i, i % n);
}

static void
all(void)
{
	int i, n = start(3), k;

	for(k = 1; k <= 3; k++) {
		condbroadcast(&cond->c);
		same(norder, (k - 1)*n, "%d had returned from condwait "
			"when condbroadcast did, not %d",
			"It lets nobody run.  It calls ready for each, "
			"and goes on");
		yields(3);
		same(norder, k*n, "after a broadcast, there were %d returns "
			"from condwait, not %d",
			"It is for all who wait when it is called, and "
				"for nobody else, even if they wait again at "
				"once.  Nobody who was woken is found in the "
				"queue afterwards, from neither end; and ready "
				"writes to gp->schedlink");
	}
	for(i = 0; i < 3*n; i++)
		served(i, i % n);
	start(1);		// and the queue is in order
	condsignal(&cond->c);
	yields(2);
	count(3*n + 1);
}

static void
signals(void *c)
{
	condsignal(c);
}

static void
broadcasts(void *c)
{
	condbroadcast(c);
}

static void
timers(void)
{
	Timer t = { .when = 1, .fn = signals, .arg = &cond->c };
	int n = start(1);

	addtimer(&t);
	tsleep(1000000);
	count(1);
	t.fn = broadcasts;
	addtimer(&t);
	tsleep(1000000);
	count(n);
}

// A random program, and its model.
static void
script(int me)
{
	int i;

	for(i = 0; i < Ops; i++) {
		switch(s->kind[me][i]) {
		case Wait:
			condwait(&cond[s->on[me][i]].c);
			break;
		case Signal:
			condsignal(&cond[s->on[me][i]].c);
			break;
		case Broadcast:
			condbroadcast(&cond[s->on[me][i]].c);
			break;
		case Yield:
			gosched();
			break;
		}
		s->log[s->nlog++] = (Event){ me, i };
	}
}

static void
actor(void *arg)
{
	script(*(int *)arg);
}

static void
program(void)
{
	int i;

	for(i = 1; i <= s->n; i++)
		go(actor, (int){ i });
	script(Main);
	yields((Max + 1)*Ops);
}

// The goroutines in a queue.
typedef struct Line Line;
struct Line {
	int n, who[Max+1];
};

static int
first(Line *l)
{
	int i, who = l->who[0];

	for(i = 1, l->n--; i <= l->n; i++)
		l->who[i-1] = l->who[i];
	return who;
}

// Writes to want what will be done, and returns how much.
static int
model(Event *want)
{
	Line run = { 0 }, wait[Conds] = { 0 }, *l;
	int at[Max+1] = { 0 }, stopped[Max+1] = { 0 }, n = 0, i, me;

	for(i = 0; i <= s->n; i++)
		run.who[run.n++] = i;
	while(run.n > 0) {
		me = first(&run);
		for(;;) {
			if(stopped[me]) {	// it has come back
				want[n++] = (Event){ me, at[me]++ };
				stopped[me] = 0;
			}
			if(at[me] == Ops)
				break;
			l = &wait[s->on[me][at[me]]];
			stopped[me] = 1;
			if(s->kind[me][at[me]] == Wait) {
				l->who[l->n++] = me;
				break;
			}
			if(s->kind[me][at[me]] == Yield) {
				run.who[run.n++] = me;
				break;
			}
			i = s->kind[me][at[me]] == Signal ? 1 : Max;
			for(; i > 0 && l->n > 0; i--)
				run.who[run.n++] = first(l);
		}
	}
	return n;
}

static void (*scene)(void);

static void
play(void)
{
	int i;

	memset(cond, -1, sizeof cond);
	for(i = 0; i < Conds; i++)
		cond[i].c = (Cond){ 0 };
	scene();
	s->ended = 1;
}

// One check: runs a scene.
static int
check(void (*fn)(void), const char *name)
{
	int status, good;

	s->ended = 0;
	s->what = nil;
	scene = fn;
	rnd();
	status = ingoroutine(play, 3);
	good = status == 0 && s->ended;
	ok(good, "%s", name);
	if(s->what != nil) {
		note(s->what, s->got, s->want);
		note("%s", s->see);
	} else if(status == 128 + SIGALRM)
		note("after three seconds it still had not come to its "
			"end: who runs, and what for?");
	else if(!good)
		note("it ended with status %d, saying: %s", status,
			childsaid);
	return good;
}

static int
often(void (*fn)(void), const char *name)
{
	int i;

	for(i = 0; i < 5; i++)
		if(!check(fn, name))
			return 0;
	return 1;
}

static const char *kinds[] = {
	"condwait", "condsignal", "condbroadcast", "gosched"
};

static const byte mix[] = {	// main does not wait
	Wait, Wait, Wait, Signal, Signal, Broadcast, Yield, Yield
};

static int
randomly(void)
{
	static Event want[(Max+1)*Ops];
	int i, k, n, t;

	for(t = 0; t < 20; t++) {
		s->n = 1 + rnd() % Max;
		for(i = 0; i <= s->n; i++)
			for(k = 0; k < Ops; k++) {
				s->on[i][k] = rnd() % Conds;
				s->kind[i][k] = i == Main
					? mix[3 + rnd() % 5]
					: mix[rnd() % 8];
			}
		s->nlog = 0;
		n = model(want);
		if(!check(program, "a program drawn at random"))
			break;
		for(i = 0; i < n && i < s->nlog; i++)
			if(memcmp(&want[i], &s->log[i], sizeof *want) != 0)
				break;
		ok(i == n && i == s->nlog, "they do what the model does");
		if(i == n && i == s->nlog)
			continue;
		note("step %d of %d:", i + 1, n);
		if(i < n)
			note("goroutine %d should have ended %s number %d",
				want[i].who + 1,
				kinds[s->kind[want[i].who][want[i].op]],
				want[i].op + 1);
		if(i < s->nlog)
			note("goroutine %d has ended %s number %d",
				s->log[i].who + 1,
				kinds[s->kind[s->log[i].who][s->log[i].op]],
				s->log[i].op + 1);
		note("Wake-ups are lost or made, or go to the wrong one");
		break;
	}
	return t == 20;
}

static void
stuck(void)
{
	go(waits, (Waiter){ 0, 1 });
	go(waits, (Waiter){ 1, 1 });
	condwait(&cond->c);
}

// One waits for something that is neither, and where nobody may look.
static const char *reason;

static void
neither(void)
{
	go(waits, (Waiter){ 0, 1 });
	gosched();
	park(reason, (void *)1);
}

static Hchan *both;


static void
receives(void *arg)
{
	(void)arg;
	chanrecv(both, nil);
}

static void
sends(void *arg)
{
	(void)arg;
	chansend(both, nil);
}

// A channel on which both sides wait, as after a lost wake-up.
static void
bothwait(int sender)
{
	SudoG sg = { .gp = g };

	both = makechan(0, 0);
	go(waits, (Waiter){ 0, 1 });
	if(sender)
		go(sends, (int){ 0 });
	else
		go(receives, (int){ 0 });
	gosched();
	enqueue(sender ? &both->recvq : &both->sendq, &sg);
	chanrecv(nil, nil);
}

static void
lostreceiver(void)
{
	bothwait(0);
}

static void
lostsender(void)
{
	bothwait(1);
}

// The report of a deadlock.
static int
reports(void)
{
	static const char hex[] = "0123456789abcdef";
	static const char *reasons[] = { "a bell", "child" };
	char line[60] = "[cond wait, 0x", *p = line + strlen(line);
	uintptr a = (uintptr)&cond->c;
	int k = 0, i, status, good;

	while(a >> 4*k > 15)
		k++;
	for(; k >= 0; k--)
		*p++ = hex[a >> 4*k & 15];
	strcpy(p, "]");
	scene = stuck;
	status = ingoroutine(play, 3);
	good = status == 2 && strstr(childsaid, "throw: all") != nil;
	ok(good, "if all wait, the scheduler says so");
	if(good) {
		good = strstr(childsaid, line) != nil;
		ok(good, "and says for what: %s", line);
	}
	if(!good)
		note("park is told why somebody waits, and on what: see "
			PARK);
	k = strstr(childsaid, "lost wake-up") == nil;
	ok(k, "a Cond is not taken for a channel");
	if(!k)
		note("waiton is the address of a Cond, and who looks at "
			"the fields of an Hchan there?  See " DEAD);
	for(i = 0; i < 2 && good && k; i++) {
		reason = reasons[i];
		scene = neither;
		status = ingoroutine(play, 3);
		k = status == 2 && strstr(childsaid, reason) != nil
			&& strstr(childsaid, "lost wake-up") == nil
			&& strstr(childsaid, "signal 11") == nil;
		ok(k, "nor is anything else");
		if(!k)
			note("Only one that waits for a channel leaves the "
				"address of an Hchan in waiton; another may "
				"leave what is no address at all");
	}
	if(!good || !k)
		note("it ended with status %d, saying: %s", status,
			childsaid);
	return good && k;
}

int
main(void)
{
	int status, good, i;

	endafter(9);
	s = shared(sizeof *s);
	if(check(asleep, "who waits does not run")
	&& often(oneeach, "a signal wakes the one who has waited longest")
	&& often(again, "who waits again is the last again")
	&& often(all, "a broadcast wakes all, once")
	&& often(nobody, "a signal that nobody waits for is over")
	&& check(timers, "a timer may signal")
	&& randomly() && reports()) {
		for(i = 0; i < 2; i++) {
			scene = i == 0 ? lostreceiver : lostsender;
			status = ingoroutine(play, 3);
			good = strstr(childsaid, "a sender and a receiver")
				!= nil;
			ok(good, "a lost wake-up in a channel is still reported");
			if(!good)
				note("status %d, saying: %s.  A channel in which "
					"both sides wait must be found as before, "
					"whichever of them was parked: see " DEAD,
					status, childsaid);
		}
	}
	return done();
}
