// Gives selectpri cases of every kind, lets it wait, and looks at what
// it did and at what else has happened.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define FAIR "chapter 4, \"A fair choice\""
#define WAIT "chapter 4, \"Waiting for all, woken by one\""

enum {
	Max = 8,	// cases
	Trials = 200,
	Rounds = 3000,
	Values = 300,
	Takers = 6,
};

// What a case finds.
enum Kind {
	Nil, Empty, Full, Nobody,	// nothing can be done now
	Stored, Sender, Closed, Room, Receiver,	// it can
	ClosedSend,			// an error
};

enum Trouble {
	None, Wrong, Value, Also, Trace, Runs, Lost, First,
};

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	enum Trouble trouble;
	int n, block, want, did;	// the last call
	int finished;
	int count[2][3];		// how often selectgo did each case
	int value[Values], strays;
};
static Shared *s;
static Hchan *c[Max];
static int v[Max], got[Max];	// our value, and what another received
static Scase k[Max];
static int over;		// so many goroutines have ended

static void
sender(void *arg)
{
	int i = *(int *)arg;

	send(c[i], (int){ 100 + i });
	over++;
}

static void
receiver(void *arg)
{
	int i = *(int *)arg;

	chanrecv(c[i], &got[i]);
	over++;
}

static void
closer(void *arg)
{
	closechan(c[*(int *)arg]);
	over++;
}

// Makes case i, and a channel for it.
static void
make(int i, enum Kind kind)
{
	int cap = kind == Full || kind == Stored || kind == Room
		|| (kind == Empty && rnd() % 2);

	c[i] = makechan(sizeof(int), cap);
	if(kind == Full || kind == Stored)
		send(c[i], (int){ 100 + i });
	if(kind == Closed || kind == ClosedSend)
		closechan(c[i]);
	if(kind == Sender)
		go(sender, (int){ i });
	if(kind == Receiver)
		go(receiver, (int){ i });
	v[i] = 200 + i;
	got[i] = 0;
	k[i] = (Scase){ .elem = &v[i], .c = kind == Nil ? nil : c[i] };
	k[i].dir = kind == Full || kind == Nobody || kind == Room
		|| kind == Receiver || kind == ClosedSend
		? CaseSend : CaseRecv;
}

// Has case i been done, by what one can see?
static int
seen(int i, enum Kind kind)
{
	switch(kind) {
	case Stored:
		return c[i]->n == 0;
	case Room:
		return c[i]->n == 1;
	case Sender:
		return c[i]->sendq.first == nil;
	case Receiver:
		return c[i]->recvq.first == nil;
	case Closed:
		return v[i] == 0;
	default:
		return 0;
	}
}

// Was the value right in case i, which has been done?
static int
right(int i, enum Kind kind)
{
	if(kind == Closed)
		return v[i] == 0 && !k[i].received;
	if(k[i].dir == CaseRecv)
		return v[i] == 100 + i && k[i].received;
	gosched();
	return kind == Room || got[i] == 200 + i;
}

// Does somebody wait on c?
static int
waited(Hchan *c)
{
	return c->recvq.first != nil || c->sendq.first != nil;
}

// Calls selectpri.  Returns whether it did what it should.
static int
call(int want, int block)
{
	s->want = want;
	s->block = block;
	s->did = -2;
	s->did = selectpri(k, s->n, block);
	return s->did == want;
}

// One call, with cases of all kinds.
static enum Trouble
once(void)
{
	enum Kind kind[Max];
	int i, want = -1, rare = 1 + rnd() % 6;

	s->n = 1 + rnd() % Max;
	for(i = 0; i < s->n; i++) {
		kind[i] = rnd() % rare > 0 ? rnd() % Stored
			: Stored + rnd() % (want < 0 ? 5 : 6);
		if(want < 0 && kind[i] >= Stored)
			want = i;
		make(i, kind[i]);
	}
	gosched();
	if(!call(want, want >= 0 && rnd() % 2))
		return Wrong;
	if(want >= 0 && !right(want, kind[want]))
		return Value;
	for(i = 0; i < s->n; i++) {
		if(seen(i, kind[i]) != (i == want))
			return i == want ? Value : Also;
		if(kind[i] < Stored && waited(c[i]))
			return Trace;
		if(i != want && kind[i] == Sender)
			chanrecv(c[i], nil);
		if(i != want && kind[i] == Receiver)
			send(c[i], (int){ 0 });
	}
	gosched();
	return None;
}

static void
now(void)
{
	int i;

	for(i = 0; i < Trials && s->trouble == None; i++)
		s->trouble = once();
	s->finished = 1;
}

static struct {
	G *g;			// who waits
	int n, which[Max];	// these cases become possible in turn,
	enum Kind kind[Max];	// by the coming of this
} waker;

// Sees that the other one sleeps; then makes cases possible, one after
// the other, before he runs again.
static void
wakeall(void *arg)
{
	int i, j;

	(void)arg;
	for(i = 0; i < 20; i++)
		gosched();
	if(waker.g->status != Gwaiting)
		s->trouble = Runs;
	for(j = 0; j < waker.n; j++) {
		i = waker.which[j];
		go(waker.kind[i] == Sender ? sender
			: waker.kind[i] == Closed ? closer
			: receiver, (int){ i });
	}
}

// Makes cases of which none can be done, and a waker for each.
static void
makewaiting(void)
{
	static const enum Kind kinds[] = { Sender, Closed, Receiver };
	int i, j, what;

	waker.g = g;
	waker.n = over = 0;
	s->n = 2 + rnd() % (Max - 1);
	for(i = 0; i < s->n; i++) {
		what = rnd() % 4;
		make(i, what == 3 ? Nil : what == 2 ? Nobody : Empty);
		if(what == 3)
			continue;
		waker.kind[i] = kinds[what];
		j = rnd() % (waker.n + 1);
		waker.which[waker.n++] = waker.which[j];
		waker.which[j] = i;
	}
}

// Case i has been done, after a wait.
static int
took(int i)
{
	if(!right(i, waker.kind[i]))
		return 0;
	if(waker.kind[i] == Closed)
		k[i].c = nil;
	return 1;
}

// Waits; is woken; then takes what is left.
static enum Trouble
onewait(void)
{
	int i, j, first, left[Max] = { 0 };

	do
		makewaiting();
	while(waker.n == 0);
	waker.n = 1 + rnd() % waker.n;
	for(j = 1; j < waker.n; j++)
		left[waker.which[j]] = 1;
	first = waker.which[0];
	go(wakeall, (int){ 0 });
	if(!call(first, 1))
		return s->trouble == Runs ? Runs : First;
	if(s->trouble == Runs)
		return Runs;
	if(!took(first))
		return Value;
	for(i = 0; i < s->n; i++)
		if(left[i]) {
			if(!call(i, 0))
				return s->did < 0 ? Lost : Wrong;
			if(!took(i))
				return Value;
		}
	if(!call(-1, 0))
		return Wrong;
	for(i = 0; i < 5; i++)
		gosched();
	for(i = 0; i < s->n; i++)
		if(waited(c[i]))
			return Trace;
	return over == waker.n ? None : Lost;
}

static void
later(void)
{
	int i;

	for(i = 0; i < Trials && s->trouble == None; i++)
		s->trouble = onewait();
	s->finished = 1;
}

static const char *explain[] = {
	[Wrong] = "Of the cases that can be done now, the first in the "
		"array is done; if there is none and block is 0, -1 is "
		"returned, at once.  In which order does selectpri try "
		"them?",
	[Value] = "The value, or the field received, of that case was "
		"wrong.",
	[Also] = "Another case was done as well.  Who is not chosen must "
		"keep his value.",
	[Trace] = "It has returned, and a SudoG still stands in the queue "
		"of one of its channels: see " WAIT,
	[Runs] = "Nothing could be done yet, and the goroutine did not "
		"sleep.  Its status should have been Gwaiting.",
	[Lost] = "Several became ready while it was asleep.  One was "
		"done; another was lost, although somebody believes that "
		"he has handed over a value, or has received one.",
	[First] = "It slept, and several became ready before it ran "
		"again.  Whoever woke it has done his part already; so "
		"it must return that case, and no other: see " WAIT,
};

static int
try(void (*fn)(void), const char *name)
{
	int status, good;

	memset(s, 0, sizeof *s);
	rnd();
	status = ingoroutine(fn, 4);
	good = status == 0 && s->finished && s->trouble == None;

	ok(good, "%s", name);
	if(good)
		return 1;
	if(s->want >= 0)
		note("The last call, with %d cases and block = %d, should "
			"have done case %d, counted from 0.", s->n,
			s->block, s->want);
	else
		note("The last call, with %d cases and block = %d, should "
			"have returned -1.", s->n, s->block);
	if(s->did > -2)
		note("It returned %d.", s->did);
	if(!s->finished)
		note("It did not return, or something later went wrong; "
			"the child ended with status %d, saying: %s",
			status, childsaid);
	if(s->trouble == None)
		s->trouble = fn == now ? Wrong : First;
	note("%s", explain[s->trouble]);
	return 0;
}

static Hchan *end;

static void
sleeper(void *arg)
{
	Scase k[2] = { { .c = end }, { .c = nil } };

	(void)arg;
	selectpri(k, 2, 1);
	over++;
}

// selectgo, while selectpri is used by others.
static void
fair(void)
{
	Scase k[3];
	int i, r;

	end = makechan(0, 0);
	go(sleeper, (int){ 0 });
	gosched();
	for(i = 0; i < 3; i++) {
		c[i] = makechan(sizeof(int), 1);
		chansend(c[i], &v[0]);
	}
	for(r = 0; r < 2*Rounds; r++) {
		for(i = 0; i < 3; i++)
			k[i] = (Scase){ .c = c[i], .elem = &v[0] };
		if(r > Rounds && rnd() % 2) {
			i = selectpri(k, 3, 1);
			chansend(c[i], &v[0]);
		}
		i = selectgo(k, 3, 1);
		s->count[r >= Rounds][i]++;
		chansend(c[i], &v[0]);
	}
	closechan(end);
	gosched();
	s->finished = over == 1;
}

static int
testfair(void)
{
	int i, status, good = 1;

	memset(s, 0, sizeof *s);
	rnd();
	status = ingoroutine(fair, 6);
	for(i = 0; i < 6; i++)
		good = good && s->count[i/3][i%3] > Rounds/3 - 200;
	good = good && status == 0 && s->finished;
	ok(good, "selectgo is as fair as before");
	if(good)
		return 1;
	for(i = 0; i < 2; i++)
		note("Of three cases that were always ready, selectgo did "
			"the first %d times, the second %d times, and the "
			"third %d times%s.", s->count[i][0],
			s->count[i][1], s->count[i][2], i == 0 ? ""
			: ", with calls of selectpri between");
	if(status != 0)
		note("the child ended with status %d, saying: %s", status,
			childsaid);
	note("Meanwhile a goroutine slept in selectpri.  What the two "
		"functions share must not remember who called: see "
		FAIR);
	return 0;
}

static Hchan *t[3];

// One of the two.
static int
either(Scase *k, int n)
{
	return (rnd() % 3 ? selectpri : selectgo)(k, n, 1);
}

// Receives until all is closed; a channel may occur twice.
static void
taker(void *arg)
{
	int v, i, n, open = 3, which[6] = { 0, 1, 2 };
	Scase k[6];

	(void)arg;
	while(open > 0) {
		n = open + rnd() % (open + 1);
		for(i = 0; i < n; i++)
			k[i] = (Scase){ .c = t[which[i % open]],
				.elem = &v };
		i = either(k, n);
		if(!k[i].received) {
			which[i % open] = which[open - 1];
			open--;
		} else if(v < 0 || v >= Values)
			s->strays++;
		else
			s->value[v]++;
	}
	chansend(end, nil);
}

// Sends every third value, on any of the channels.
static void
giver(void *arg)
{
	int v, i;
	Scase k[3];

	for(v = *(int *)arg; v < Values; v += 3) {
		for(i = rnd() % 3; i > 0; i--)
			gosched();
		for(i = 0; i < 3; i++)
			k[i] = (Scase){ .dir = CaseSend, .elem = &v,
				.c = i == 1 || rnd() % 2 ? t[i] : nil };
		either(k, 3);
	}
	chansend(end, nil);
}

static void
traffic(void)
{
	int i;

	end = makechan(0, 0);
	for(i = 0; i < 3; i++)
		t[i] = makechan(sizeof(int), rnd() % 3);
	for(i = 0; i < Takers; i++)
		go(taker, (int){ i });
	for(i = 0; i < 3; i++)
		go(giver, (int){ i });
	for(i = 0; i < 3; i++)
		chanrecv(end, nil);
	for(i = 0; i < 3; i++)
		closechan(t[i]);
	for(i = 0; i < Takers; i++)
		chanrecv(end, nil);
	s->finished = 1;
	for(i = 0; i < 3; i++)
		s->strays += waited(t[i]);
}

static int
testtraffic(void)
{
	int status, i, lost = 0, twice = 0, good;

	memset(s, 0, sizeof *s);
	rnd();
	status = ingoroutine(traffic, 4);
	for(i = 0; i < Values; i++) {
		lost += s->value[i] == 0;
		twice += s->value[i] > 1;
	}
	good = status == 0 && s->finished && lost + twice + s->strays == 0;
	ok(good, "random traffic: each value comes once");
	if(good)
		return 1;
	if(status != 0)
		note("the child ended with status %d, saying: %s", status,
			childsaid);
	note("Three send and %d receive, all by selectpri or selectgo.  "
		"Of %d values %d were lost and %d came twice.  What is "
		"shared between the two must belong to the call, for many "
		"are asleep in it at a time.", Takers, Values, lost, twice);
	return 0;
}

static void
alone(void)
{
	alarm(4);
	k[0] = (Scase){ .c = makechan(0, 0) };
	selectpri(k, 1, 1);
}

static void
closed(void)
{
	alarm(4);
	make(0, Nil);
	make(1, Nobody);
	go(closer, (int){ 1 });
	selectpri(k, 2, 1);
}

int
main(void)
{
	int i;

	endafter(40);
	rnd();
	s = shared(sizeof *s);
	if(try(now, "the first that can be done is done, and no other")
	&& try(later, "after a wait, one is done and nothing is lost")
	&& testfair()) {
		for(i = 0; i < 5 && testtraffic(); i++)
			;
		gocrashes(closed, 2, "throw: send on closed channel");
		gocrashes(alone, 2,
			"throw: all goroutines are asleep - deadlock!");
	}
	return done();
}
