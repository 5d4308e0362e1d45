// Lets selects leave the queues of channels, then looks at who is
// served, at the memory of those who left, and at the queues.
#include "tap.h"
#include "chan.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define QUEUES "chapter 4, \"A channel and its two queues\""
#define SELECT "chapter 4, \"Waiting for all, woken by one\""

enum {
	Max = 12,		// workers, selects, SudoGs
	NCases = 4,
	Pattern = 0x5a,
	Steps = 400,
	Values = 300,
};

// A queue as it should be, and what is wrong with the real one.
typedef struct Model Model;
struct Model {
	int in[Max], n;
};
enum Trouble {
	None, Last, LastGone, First, Link, Prev, Chain, Q, Twice, Memory,
};

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	int dir;		// what the selects do, and the workers
	int before, selects, after;
	int twice[Max];		// its channel occurs twice in it
	int order[Max];		// who of them is woken when
	Scase cases[Max][NCases];
	int left[Max];		// this one's cases are its own again

	int got[2*Max], ngot;	// values, in the order in which they came
	int finished, traces;

	int step, who, at, of;	// the last thing done to a queue,
	int leaves;		// and whether it was to leave
	enum Trouble trouble;

	int count[Values], sum, strays;
};
static Shared *s;
static Hchan *c, *d[Max];

// Nobody waits on c: is there a trace in its queues?
static int
trace(Hchan *c)
{
	return c->recvq.first != nil || c->recvq.last != nil
		|| c->sendq.first != nil || c->sendq.last != nil;
}

static int
damaged(const void *p, uintptr n)
{
	const byte *b = p;

	while(n-- > 0)
		if(*b++ != Pattern)
			return 1;
	return 0;
}

// Sends or receives on c, plainly.
static void
worker(void *arg)
{
	int i = *(int *)arg;

	if(s->dir == CaseSend)
		chansend(c, &i);
	else {
		chanrecv(c, &i);
		s->got[s->ngot++] = i;
	}
}

// Waits on c and on a channel of its own.
static void
chooser(void *arg)
{
	static int v[Max];
	int i = *(int *)arg, n = 0;
	Scase *k = s->cases[i];

	k[n++] = (Scase){ .dir = s->dir, .c = c, .elem = &v[i] };
	k[n++] = (Scase){ .dir = CaseRecv, .c = d[i], .elem = nil };
	if(s->twice[i])
		k[n++] = k[0];
	selectgo(k, n, 1);
	memset(k, Pattern, sizeof s->cases[i]);
	s->left[i] = 1;
}

static void
all(void (*fn)(void *), int from, int to)
{
	for(; from < to; from++)
		go(fn, (int){ from });
	gosched();
}

// Some workers join a queue of c, then selects, which leave again,
// then more workers; and then main serves them all.
static void
leaving(void)
{
	int i, v, n = s->before + s->after;

	c = makechan(sizeof v, 0);
	for(i = 0; i < s->selects; i++)
		d[i] = makechan(0, 0);
	all(worker, 0, s->before);
	all(chooser, 0, s->selects);
	for(i = 0; i < s->selects; i++) {
		chansend(d[s->order[i]], nil);
		gosched();
	}
	all(worker, s->before, n);
	for(i = 0; i < n; i++)
		if(s->dir == CaseSend) {
			chanrecv(c, &v);
			s->got[s->ngot++] = v;
		} else {
			chansend(c, &i);
			gosched();
		}
	s->traces = trace(c);
	for(i = 0; i < s->selects; i++)
		s->traces += trace(d[i]);
	s->finished = 1;
}

// How many values came in the right order.
static int
served(void)
{
	int i;

	for(i = 0; i < s->ngot && s->got[i] == i; i++)
		;
	return i;
}

static int
memory(void)
{
	int i;

	for(i = 0; i < s->selects; i++)
		if(s->left[i] && damaged(s->cases[i], sizeof s->cases[i]))
			return 1;
	return 0;
}

static int
testleaving(const char *name, int before, int selects, int after)
{
	int i, k, status, n = before + after;

	memset(s, 0, sizeof *s);
	s->dir = rnd() % 2 ? CaseSend : CaseRecv;
	s->before = before;
	s->selects = selects;
	s->after = after;
	for(i = 0; i < selects; i++) {
		s->twice[i] = rnd() % 2;
		k = rnd() % (i + 1);
		s->order[i] = s->order[k];
		s->order[k] = i;
	}
	status = ingoroutine(leaving, 4);
	if(status == 0 && s->finished && served() == n && !s->traces
	&& !memory()) {
		ok(1, "%s", name);
		return 1;
	}
	ok(0, "%s", name);
	note("Who waits to %s on one channel, in this order: %d plainly; %d "
		"in a select, woken by another channel; and %d plainly, who "
		"came when the selects had left",
		s->dir == CaseSend ? "send" : "receive",
		before, selects, after);
	if(status != 0)
		note("the program ended with status %d, saying: %s",
			status, childsaid);
	if(served() < n)
		note("of %d who wait, %d were served in turn", n, served());
	if(memory())
		note("a select had returned, and its caller had used the "
			"array of cases for something else; then somebody "
			"wrote into it");
	if(s->finished && s->traces)
		note("nobody waits any more, and the channel's queue "
			"still leads to somebody");
	note("When a select has left, no pointer may lead to its SudoGs, "
		"not even one that nobody follows now: see " SELECT);
	return 0;
}

// Compares a queue with its model.
// Does a word of p's lead to before itself?  That was prev.
static int
leadsto(SudoG *p, SudoG *before)
{
	uintptr *w;

	for(w = (uintptr *)p; w < (uintptr *)(p + 1); w++)
		if(*w == (uintptr)before)
			return 1;
	return 0;
}

static enum Trouble
compare(WaitQ *q, SudoG *sg, Model *m)
{
	SudoG *p, *want, **link = &q->first;
	int i;

	for(i = 0; i < m->n; i++) {
		p = *link;
		want = &sg[m->in[i]];
		if(p != want)
			return i == 0 ? First : Chain;
		if(p->link != link)
			return Link;
		if(p->q != q)
			return Q;
		if(i > 0 && leadsto(p, &sg[m->in[i - 1]]))
			return Prev;
		link = &p->next;
	}
	if(*link != nil)
		return m->n == 0 ? First : Chain;
	want = m->n > 0 ? &sg[m->in[m->n - 1]] : nil;
	if(q->last == want)
		return None;
	for(i = 0; i < m->n; i++)
		if(q->last == &sg[m->in[i]])
			return Last;
	return q->last == nil ? Last : LastGone;
}

// Joins and leaves at random, without any goroutine.
static void
atrandom(void)
{
	static WaitQ q[2];
	static SudoG sg[Max];
	static Model m[2];
	static int where[Max];	// 0: nowhere; else m[where - 1]
	enum Trouble t = None;
	int i, k;
	Model *p;

	memset(sg, Pattern, sizeof sg);
	for(s->step = 1; t == None && s->step <= Steps; s->step++) {
		i = s->who = rnd() % Max;
		s->leaves = where[i] != 0;
		if(!s->leaves) {
			k = rnd() % 2;
			p = &m[k];
			where[i] = k + 1;
			s->at = p->n;
			p->in[p->n++] = i;
			s->of = p->n;
			enqueue(&q[k], &sg[i]);
		} else {
			p = &m[where[i] - 1];
			where[i] = 0;
			s->of = p->n--;
			for(k = 0; p->in[k] != i; k++)
				;
			s->at = k;
			for(; k < p->n; k++)
				p->in[k] = p->in[k + 1];
			unqueue(&sg[i]);
			if(sg[i].q != nil)
				t = Q;
		}
		for(k = 0; k < 2 && t == None; k++)
			t = compare(&q[k], sg, &m[k]);
		if(s->leaves && t == None) {
			if(rnd() % 2)
				unqueue(&sg[i]);
			for(k = 0; k < 2; k++)
				if(compare(&q[k], sg, &m[k]) != None)
					t = Twice;
			memset(&sg[i], Pattern, sizeof sg[i]);
		}
		for(i = 0; i < Max; i++)
			if(where[i] == 0 && damaged(&sg[i], sizeof sg[i]))
				t = t == None ? Memory : t;
	}
	s->trouble = t;
	s->finished = 1;
}

static const char *explain[] = {
	[Last] = "q->last is not the last one in the queue",
	[LastGone] = "q->last leads to one who has left",
	[First] = "q->first is not the first one in the queue",
	[Prev] = "somebody has the address of the one before, as in prev",
	[Link] = "somebody's link is not the pointer that leads to him",
	[Chain] = "the chain of next does not hold all of them in turn",
	[Q] = "somebody's q does not say where he stands",
	[Twice] = "leaving twice did harm",
	[Memory] = "somebody who has left was written to",
};

static int
testatrandom(void)
{
	int status;

	memset(s, 0, sizeof *s);
	rnd();
	status = inchild(atrandom, 4);
	if(status == 0 && s->finished && s->trouble == None) {
		ok(1, "join and leave at random: the queue is in order");
		return 1;
	}
	ok(0, "join and leave at random: the queue is in order");
	if(s->leaves)
		note("After one of %d has left, number %d from the front:",
			s->of, s->at + 1);
	else
		note("After one has joined a queue as number %d:", s->of);
	if(!s->finished)
		note("the child ended with status %d, saying: %s", status,
			childsaid);
	else
		note("%s", explain[s->trouble]);
	note("Draw the queue before and after, with every pointer: who "
		"leads to the one who leaves?  See " QUEUES);
	return 0;
}

static SudoG *far;
static int neighbour;

// One leaves, and only his neighbours can be looked at.
static void
nosearch(void)
{
	WaitQ q = { nil, nil };
	SudoG sg[3];
	int i, n = 4096/sizeof *far;

	far = mmap(nil, 4096, PROT_READ|PROT_WRITE,
		MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
	for(i = 0; i < n; i++)
		enqueue(&q, &far[i]);
	for(i = 0; i < 3; i++)
		enqueue(&q, &sg[i]);
	mprotect(far, 4096, PROT_NONE);
	unqueue(&sg[1 + neighbour]);
	s->finished = q.last == &sg[2 - neighbour];
}

static int
testnosearch(void)
{
	for(neighbour = 0; neighbour < 2; neighbour++) {
		memset(s, 0, sizeof *s);
		inchild(nosearch, 4);
		if(!s->finished)
			break;
	}
	ok(s->finished, "who leaves looks at his neighbours only");
	if(!s->finished)
		note("He was %s of some dozens, and somebody far away in "
			"the queue was looked at.  A queue may be long: the "
			"one before him can be found without a search",
			neighbour ? "the last" : "the last but one");
	return s->finished;
}

static Hchan *t[3], *over;

// Receives with selects, in which a channel may occur twice, until
// all is closed.
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
		i = selectgo(k, n, 1);
		if(k[i].received) {
			if(v >= 0 && v < Values)
				s->count[v]++;
			else
				s->strays++;
		} else {
			which[i % open] = which[open - 1];
			open--;
		}
		memset(k, Pattern, sizeof k);
	}
	chansend(over, nil);
}

static void
traffic(void)
{
	int i, k, v;

	over = makechan(0, 0);
	for(i = 0; i < 3; i++)
		t[i] = makechan(sizeof v, 0);
	for(i = 0; i < s->selects; i++)
		go(taker, (int){ i });
	for(v = 0; v < Values; v++) {
		for(k = rnd() % 4; k > 0; k--)
			gosched();
		chansend(t[rnd() % 3], &v);
	}
	for(i = 0; i < 3; i++)
		closechan(t[i]);
	for(i = 0; i < s->selects; i++)
		chanrecv(over, nil);
	for(i = 0; i < 3; i++)
		s->traces += trace(t[i]);
	s->finished = 1;
}

static int
testtraffic(void)
{
	int status, v, bad;

	memset(s, 0, sizeof *s);
	s->selects = 3 + rnd() % (Max - 3);
	status = ingoroutine(traffic, 4);
	for(bad = v = 0; v < Values; v++)
		bad += s->count[v] != 1;
	bad = status != 0 || !s->finished || bad || s->strays || s->traces;
	ok(!bad, "random traffic: each value comes once, no trace is left");
	if(!bad)
		return 1;
	if(status != 0)
		note("the program ended with status %d, saying: %s",
			status, childsaid);
	note("%d goroutines receive with selects on three channels.  The "
		"queues themselves were in order when they were tried "
		"alone: does selectgo leave all of them?  See " SELECT,
		s->selects);
	return 0;
}

static int
randomly(void)
{
	int i;

	for(i = 0; i < 5; i++)
		if(!testleaving("some wait, selects leave, more join",
			rnd() % 5, 1 + rnd() % 5, 1 + rnd() % 5))
			return 0;
	for(i = 0; i < 10; i++)
		if(!testatrandom())
			return 0;
	return testnosearch();
}

int
main(void)
{
	endafter(40);
	rnd();
	s = shared(sizeof *s);
	if(testleaving("selects alone in a queue leave it",
		0, 1 + rnd() % 5, 1 + rnd() % 5)
	&& testleaving("who joins after a select has left is served",
		1 + rnd() % 5, 1 + rnd() % 3, 2 + rnd() % 4)
	&& randomly() && testtraffic())
		testtraffic();
	return done();
}
