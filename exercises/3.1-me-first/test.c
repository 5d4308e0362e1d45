// Goroutines follow a script, and the order in which they run is
// compared with what a model of the queue says.
#include "tap.h"
#include <string.h>
#include <unistd.h>

#define QUEUE "chapter 3, \"A queue of those who could run\""

enum { Max = 20, Main = Max, Turns = 200 };

// One goroutine of a script.
typedef struct Act Act;
struct Act {
	int first;	// started by newprocfirst
	int pause;	// main calls gosched before it starts this one
	int yields;	// it calls gosched so often
	int child;	// starts this one when it first runs; 0: none
};

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	Act act[Max];
	int n;			// main starts 0 .. n-1
	uintptr key;
	int order[Turns], turns;	// who ran
	int nstarted, started[Max];
	int badarg, badgoid, alive;
};
static Shared *s;

// The argument.
typedef struct Arg Arg;
struct Arg {
	uintptr pad[3];
	int id;
	uintptr check;
};

static void member(void *);

static void
start(int id)
{
	static Arg a;

	a = (Arg){ { 0, 0, 0 }, id, s->key ^ (uintptr)id };
	s->started[id] = ++s->nstarted;
	(s->act[id].first ? newprocfirst : newproc)(member, &a, sizeof a);
	a = (Arg){ { 0, 0, 0 }, Max - 1, 0 };
}

static void
turn(int id)
{
	if(s->turns < Turns)
		s->order[s->turns++] = id;
}

static void
member(void *arg)
{
	Arg *a = arg;
	int i, id = a->id;

	s->badarg += a->check != (s->key ^ (uintptr)id);
	s->badgoid += g->goid != 1 + s->started[id];
	turn(id);
	if(s->act[id].child != 0)
		start(s->act[id].child);
	for(i = 0; i < s->act[id].yields; i++) {
		gosched();
		turn(id);
	}
}

static void
script(void)
{
	int i;

	for(i = 0; i < s->n; i++) {
		if(s->act[i].pause)
			gosched();
		start(i);
	}
	for(i = 0; i < Turns && gcount() > 1; i++)
		gosched();
	s->alive = gcount();
}

// The model: a queue of numbers, with room at both ends.
static int queue[2*Turns + 2*Max], head, tail, alive;

static void
modelstart(int id)
{
	alive++;
	if(s->act[id].first)
		queue[--head] = id;
	else
		queue[tail++] = id;
}

// Writes to want who should run; returns how many turns there are.
static int
model(int *want)
{
	int left[Max], next = 0, paused = 0, turns = 0, id;

	for(id = 0; id < Max; id++)
		left[id] = s->act[id].yields + 1;
	head = tail = Max;
	alive = 0;
	for(queue[tail++] = Main; head < tail; ) {
		id = queue[head++];
		if(id == Main) {
			for(; next < s->n; modelstart(next++), paused = 0)
				if(s->act[next].pause && !paused++)
					break;
			if(next < s->n || alive > 0)
				queue[tail++] = Main;
			continue;
		}
		want[turns++] = id;
		if(left[id] == s->act[id].yields + 1 && s->act[id].child)
			modelstart(s->act[id].child);
		if(--left[id] > 0)
			queue[tail++] = id;
		else
			alive--;
	}
	return turns;
}

// Says what went wrong in the script that has run.  Returns 0 if
// nothing, 1 if the order, 2 if something else.
static int
wrong(int status)
{
	int want[Turns], n = model(want), i;

	for(i = 0; i < n && i < s->turns; i++)
		if(s->order[i] != want[i])
			break;
	if(status == 0 && i == n && s->turns == n && s->alive == 1
	&& s->badarg == 0 && s->badgoid == 0)
		return 0;
	ok(0, "the goroutines run as the script says");
	if(status != 0)
		note("the program ended with status %d, saying: %s",
			status, childsaid);
	if(i < n && i < s->turns)
		note("turn %d was taken by goroutine %d, not by %d", i + 1,
			1 + s->started[s->order[i]],
			1 + s->started[want[i]]);
	else if(s->turns != n)
		note("%d turns were taken and not %d: %s", s->turns, n,
			s->turns < n ? "somebody was lost"
			             : "somebody ran twice");
	else if(s->alive != 1)
		note("in the end gcount() was %d: all is as in newproc "
			"but the place on the queue", s->alive);
	else
		note("wrong in the new goroutine: its %s; all is as in "
			"newproc but the place on the queue",
			s->badarg ? "argument" : "goid");
	return i < n || s->turns != n ? 1 : 2;
}

// Runs the script: one check.
static int
trial(const char *name, const char *why)
{
	int w;

	memset(s->started, 0, sizeof s->started);
	s->nstarted = s->turns = s->badarg = s->badgoid = 0;
	s->key = rnd();
	w = wrong(ingoroutine(script, 4));
	if(w == 0)
		ok(1, "%s", name);
	else
		note("the script was: %s", name);
	if(w == 1)
		note("%s", why);
	return w == 0;
}

// A new script: before plain ones, then firsts, then after plain ones.
static void
plain(int before, int firsts, int after)
{
	int i;

	memset(s->act, 0, sizeof s->act);
	s->n = before + firsts + after;
	for(i = 0; i < s->n; i++)
		s->act[i].first = i >= before && i < before + firsts;
}

// A new script, of random acts.  The children are the last ones.
static void
any(void)
{
	int i, k, total = 2 + rnd() % (Max - 2);

	memset(s->act, 0, sizeof s->act);
	s->n = 1 + rnd() % total;
	for(i = 0, k = s->n; i < total; i++) {
		s->act[i].first = rnd() % 2;
		s->act[i].pause = rnd() % 3 == 0;
		s->act[i].yields = rnd() % 4;
		if(k < total && k > i && rnd() % 2)
			s->act[i].child = k++;
	}
}

static int
randomly(void)
{
	int i;

	for(i = 0; i < 12; i++) {
		any();
		if(!trial("a random one", "It mixes newproc, newprocfirst "
			"and gosched.  Read again " QUEUE))
			return 0;
	}
	return 1;
}

static void
toolarge(void)
{
	static byte large[MaxArg + 1];

	newprocfirst(member, large, sizeof large);
}

int
main(void)
{
	int k = 2 + rnd() % 5, l = 2 + rnd() % 5;

	endafter(10);
	s = shared(sizeof *s);
	plain(k, 1, 0);
	if(!trial("newproc some times, then newprocfirst",
		"The last goroutine must run first.  gput puts it at the "
		"tail; see " QUEUE))
		return done();
	plain(k, l, 0);
	if(!trial("newprocfirst several times",
		"Each new one goes before all that are there"))
		return done();
	plain(0, 1, k);
	if(!trial("newprocfirst on an empty queue, then newproc",
		"Of an empty queue, gtail says nothing: it points to one "
		"who has left; see " QUEUE))
		return done();
	plain(k, 1, l);
	if(!trial("newproc, newprocfirst, newproc",
		"Whoever was last before newprocfirst is still last after "
		"it; see " QUEUE))
		return done();
	if(randomly())
		crashes(toolarge, 2, "throw: newproc");
	return done();
}
