// Receives with a limit of time: nothing comes, something comes, and
// both at once.
#include "tap.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define TIME "chapter 4, \"Time\""
#define WON "chapter 4, \"Waiting for all, woken by one\""
#define HAND "chapter 4, \"Handing over\""

enum { Max = 40, Turns = 64 };	// the scheduler looks at the clock
static const int64 Ms = 1000000;
static const uint64 Mark = 0x5ca1ab1e0ddba11;

// What the child process tells.
static struct {
	int ended;		// it came to its end
	const char *what, *see;	// or this was wrong
	int64 got, want;
} *s;

// The runtime's clock, which can stand still, so that a time is over when
// the test says so, however busy the machine is.
int64 __real_nanotime(void);
static int64 stands;		// it stands there, or 0: it runs
static int64 ahead;		// of the machine's

int64
__wrap_nanotime(void)
{
	return stands != 0 ? stands : __real_nanotime() + ahead;
}

static void
stop(void)
{
	stands = nanotime();
}

static void
run(void)
{
	ahead = stands - __real_nanotime();
	stands = 0;
}

// Ends the child if got is not want.  Strings are where they were.
static void
same(int64 got, int64 want, const char *what, const char *see)
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
result(int got, int want)
{
	same(got, want, "it returned %D, not %D", want < 0
		? "-1 says that nothing came within ns"
		: "Like chanrecv: 1 for a value, and 0 if the channel "
		"is closed and empty.  What was handed over before the "
		"goroutine ran again has come");
}

static void
value(uint64 got, uint64 want)
{
	same(got, want, "the variable at elem holds %D, not %D",
		want == Mark ? "If nothing came, it stays as it was"
		: "A value is copied there, or zeros from a closed "
		"channel: see " HAND);
}

// Nobody waits any more.
static void
clean(Hchan *c)
{
	same(usertimers(), 0, "a timer is left in the heap",
		"It is in a frame that is gone, or somebody will be made "
		"ready who does not wait: see the end of " TIME);
	same(c != nil && c->recvq.first != nil, 0,
		"a SudoG is left in the queue of the channel",
		"A sender would find it and write into a frame that is "
		"gone.  selectgo cleans up behind itself: see " WON);
	same(gcount(), 1, "%D goroutines are alive, not %D",
		"A receive needs no goroutine but its own");
}

static void
late(int64 since, int64 ns)
{
	same(nanotime() - since >= ns, 1, "it gave up too early",
		"Until ns nanoseconds are over, a value may come");
}

static int64
some(void)
{
	return Ms + rnd() % (3*Ms);
}

static void
yields(int n)
{
	while(n-- > 0)
		gosched();
}

// So long that the time is never over, and may be hard to count.
static int64
ages(int i)
{
	return i % 2 == 0 ? INT64_MAX - rnd() % 3 : 3600*1000*Ms;
}

typedef struct Recv Recv;
struct Recv {
	Hchan *c;
	int64 ns;
	int plain;		// uses chanrecv
	uint64 v;
	int r, back;		// what was returned; has it returned?
};
static Recv list[Max];

static void
receiver(void *arg)
{
	Recv *x = *(Recv **)arg;
	int64 t = nanotime();

	x->v = Mark;
	x->r = x->plain ? chanrecv(x->c, &x->v)
		: recvtimeout(x->c, &x->v, x->ns);
	if(x->r < 0)
		late(t, x->ns);
	x->back = 1;
}

// Lets a goroutine wait for c.
static void
waits(Recv *x, Hchan *c, int64 ns)
{
	*x = (Recv){ .c = c, .ns = ns };
	go(receiver, (Recv *){ x });
	gosched();
	same(x->back, 0, "it did not wait",
		"Nothing has come yet, and the time is not over");
}

static void
returned(Recv *x, int r, uint64 v)
{
	same(x->back, 1, "it has not returned",
		"Something has come, or the time is over: then somebody "
		"must have called ready for it");
	result(x->r, r);
	value(x->v, v);
}

typedef struct Letter Letter;
struct Letter {
	Hchan *c;
	uint64 v;
};

static void
sender(void *arg)
{
	chansend(((Letter *)arg)->c, &((Letter *)arg)->v);
}

static void
nothing(void)
{
	Hchan *c = makechan(sizeof(uint64), rnd() % 3);
	uint64 v = Mark;
	int64 ns = some(), t = nanotime();
	uint32 turns = schedturns();

	result(recvtimeout(c, &v, ns), -1);
	same(schedturns() - turns > 2, 0,
		"the scheduler has run it again and again",
		"It looks again and again, or somebody else keeps the "
		"time for it.  Park once, where the senders and a timer "
		"can find you");
	late(t, ns);
	value(v, Mark);
	clean(c);
	t = nanotime();
	result(recvtimeout(nil, &v, ns), -1);
	late(t, ns);
	value(v, Mark);
	clean(nil);
}

static void
tries(void)
{
	int64 ns[] = { 0, -1, INT64_MIN, -some() };
	Hchan *c, *b;
	uint64 v, w;
	uint32 turns;
	int i;

	for(i = 0; i < 4; i++) {
		c = makechan(sizeof v, 0);
		b = makechan(sizeof v, 1);
		v = Mark;
		w = rnd();
		go(sender, (Letter){ c, w });
		go(sender, (Letter){ b, ~w });
		turns = schedturns();
		result(recvtimeout(c, &v, ns[i]), -1);
		result(recvtimeout(nil, &v, ns[i]), -1);
		same(schedturns() - turns, 0, "others have run",
			"If ns is 0 or less, it does not wait");
		value(v, Mark);
		gosched();
		result(recvtimeout(c, &v, ns[i]), 1);
		value(v, w);
		result(recvtimeout(b, &v, ns[i]), 1);
		value(v, ~w);
		closechan(b);
		result(recvtimeout(b, &v, ns[i]), 0);
		value(v, 0);
		result(recvtimeout(b, nil, some()), 0);
		gosched();
		clean(c);
	}
}

static void
comes(void)
{
	Hchan *c;
	uint64 w;
	int i, end;

	for(i = 0; i < 10; i++) {
		c = makechan(sizeof w, rnd() % 3);
		end = rnd() % 3 == 0;
		w = end ? 0 : rnd();
		waits(list, c, ages(i));
		tsleep(1);
		same(list->back, 0, "it gave up too early",
			"INT64_MAX is a very long time: see what tsleep "
			"does with it, in " TIME);
		if(end)
			closechan(c);
		else
			chansend(c, &w);
		yields(3);
		returned(list, !end, w);
		clean(c);
	}
}

static void
nop(void *arg)
{
	(void)arg;
}

static void
closes(void *c)
{
	closechan(c);
}

// The time is over and something comes, before the goroutine has run.
static int try;

static void
both(void)
{
	Hchan *c = makechan(sizeof(uint64), 0);
	uint64 w = rnd(), v = 0;
	int i, kind = try % 4;
	Timer t = { .fn = closes, .arg = c };

	stop();
	t.when = stands;
	waits(list, c, some());
	stands += list->ns + 1;
	if(kind < 2) {		// one timer after the other
		if(kind == 1)
			t.when = stands;
		addtimer(&t);
		run();
		tsleep(1);
		returned(list, kind == 0 ? 0 : -1, kind == 0 ? 0 : Mark);
		clean(c);
		return;
	}
	for(i = 0; i < Turns; i++)
		go(nop, (int){ 0 });
	if(kind == 2) {		// a value, then the timer
		chansend(c, &w);
		yields(3);
		returned(list, 1, w);
	} else {		// the timer, then a value
		go(sender, (Letter){ c, w });
		yields(3);
		returned(list, -1, Mark);
		result(recvtimeout(c, &v, ages(try)), 1);
		value(v, w);
		yields(3);
	}
	clean(c);
	run();
}

// Some give up, and the others stay in their order.
static void
crowd(void)
{
	int n = 4 + rnd() % (Max - 4), early = rnd() % (n/2), i, kind;
	Hchan *c = makechan(sizeof(uint64), rnd() % 3);
	uint64 w, base = rnd();
	uint32 turns;

	stop();
	for(i = 0; i < n; i++) {
		kind = rnd() % 3;
		list[i] = (Recv){ .c = c, .plain = kind == 0,
			.ns = kind == 1 ? ages(i) : some() };
		go(receiver, (Recv *){ &list[i] });
	}
	gosched();
	for(i = 0, w = base; i < early; i++, w++)
		chansend(c, &w);
	run();
	turns = schedturns();
	tsleep(8*Ms);
	same(schedturns() - turns > (uint32)n + 2, 0,
		"they run although they wait", "Who waits is parked");
	for(i = early; i < n; i++)
		if(!list[i].plain && list[i].ns < 8*Ms)
			returned(&list[i], -1, Mark);
		else {
			same(list[i].back, 0, "one came back too early",
				"Its time is not over");
			chansend(c, &w);
			w++;
		}
	yields(3);
	for(i = 0, w = base; i < n; i++)
		if(list[i].r >= 0) {
			returned(&list[i], 1, w);
			w++;
		}
	clean(c);
}

// What is taken from mal is taken for ever.
static void
memory(void)
{
	Hchan *c = makechan(0, 0);
	int i, r, none = 0;
	byte *p;

	recvtimeout(c, nil, 1);
	for(i = 0; i < 6; i++) {
		p = mal(1);
		for(r = 0; r < 3; r++)
			recvtimeout(c, nil, 1 + rnd() % 10000);
		none += (byte *)mal(1) == p + 16;
	}
	same(none > 0, 1, "each receive takes memory from mal",
		"It will never be given back.  What is needed for the "
		"length of a call has a place in the frame of the call");
}

static void
naps(void *arg)
{
	(void)arg;
	for(;;)
		recvtimeout(nil, nil, Ms);
}

static void
system1(void)
{
	gosystem(naps, nil, 0);
	tsleep(5*Ms);
	chanrecv(nil, nil);
}

static void (*scene)(void);

static void
play(void)
{
	scene();
	s->ended = 1;
}

// One check.
static int
check(void (*fn)(void), const char *name)
{
	int status, good;

	memset(s, 0, sizeof *s);
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
			"end: who waits, and who should wake it?");
	else if(!good)
		note("it ended with status %d, saying: %s", status,
			childsaid);
	return good;
}

static int
often(void (*fn)(void), const char *name)
{
	for(try = 0; try < 12; try++)
		if(!check(fn, name))
			return 0;
	return 1;
}

int
main(void)
{
	int status;

	endafter(9);
	s = shared(sizeof *s);
	if(check(nothing, "nothing comes, and it gives up")
	&& check(tries, "without time, it only tries")
	&& check(comes, "something comes in time")
	&& often(both, "something comes, and the time is over")
	&& often(crowd, "some give up, the others are served in turn")
	&& check(memory, "and it costs no memory")) {
		status = ingoroutine(system1, 3);
		ok(status == 2 && strncmp(childsaid, "throw: all", 10) == 0,
			"a deadlock is found while a goroutine of the "
			"runtime waits with a limit");
		if(status != 2)
			note("Its timer should be marked as the one of "
				"tsleep is: see \"The runtime's own "
				"goroutines\" in chapter 4");
	}
	return done();
}
