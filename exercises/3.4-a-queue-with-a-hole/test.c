// Starts few goroutines, then many, and compares the order in which
// they run with that of a queue.
#include "tap.h"
#include <unistd.h>

#define QUEUE "chapter 3, \"A queue of those who could run\""

enum {
	Max = 5000,
	Main = Max,
	Batches = 40,
	Turns = 4*Max,
};

// What the test and the child process share.
typedef struct Shared Shared;
struct Shared {
	int n;			// so many goroutines
	int nbatch;		// main starts them in batches,
	int batch[Batches];	// of so many,
	int pause[Batches];	// and calls gosched so often before each
	int yields[Max];	// each calls gosched so often
	uint64 key;

	int order[Turns], turns;	// who ran
	int badarg, alive;
	int ring;		// one of 64 places was found
};
static Shared *s;

// What sysmap has given; the linker leads the calls here.
void *__real_sysmap(uintptr n);
void __real_sysunmap(void *p, uintptr n);
static struct {
	G **p;
	uintptr n;
} map[100];
static int nmaps;

void *
__wrap_sysmap(uintptr n)
{
	void *p = __real_sysmap(n);

	if(nmaps < 100) {
		map[nmaps].p = p;
		map[nmaps++].n = n;
	}
	return p;
}

void
__wrap_sysunmap(void *p, uintptr n)
{
	int i;

	for(i = 0; i < nmaps; i++)
		if(map[i].p == p)
			map[i].n = 0;
	__real_sysunmap(p, n);
}

typedef struct Arg Arg;
struct Arg {
	int id;
	uint64 check;
};

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

	s->badarg += a->check != s->key*id;
	turn(id);
	for(i = 0; i < s->yields[id]; i++) {
		gosched();
		turn(id);
	}
}

static void
script(void)
{
	int b, i, k, id = 0;

	for(b = 0; b < s->nbatch; b++) {
		for(i = 0; i < s->pause[b]; i++)
			gosched();
		for(k = 0; k < s->batch[b]; k++, id++)
			go(member, (Arg){ id, s->key*id });
	}
	for(i = 0; i < 200 && gcount() > 1; i++)
		gosched();
	s->alive = gcount();
}

// Are the n newest goroutines in this ring of 64, one after another?
static int
holds(G **ring, int n)
{
	int first, k;
	G *gp;

	for(first = 0; first < 64; first++) {
		for(gp = allg, k = n - 1; k >= 0; k--, gp = gp->alllink)
			if(ring[(first + k) % 64] != gp)
				break;
		if(k < 0)
			return 1;
	}
	return 0;
}

static void
small(void)
{
	int i;

	for(i = 0; i < 5; i++)
		go(member, (Arg){ i, s->key*i });
	for(i = 0; i < nmaps; i++)
		if(map[i].n == 64*sizeof(G *) && holds(map[i].p, 5))
			s->ring = 1;
}

// The queue is a ring, and begins with 64 places: one check.
static int
isring(void)
{
	int status;

	s->ring = 0;
	status = ingoroutine(small, 4);
	ok(s->ring, "five goroutines are in a ring of 64 places");
	if(!s->ring && status != 0)
		note("it ended with status %d, saying: %s", status,
			childsaid);
	else if(!s->ring)
		note("Of what sysmap gave nothing is a ring of 64 places "
			"with their five pointers in a row.  A larger one "
			"has the same bug; it only waits for a larger "
			"program");
	return s->ring;
}

// Writes to want who should run; returns how many turns there are.
static int
model(int *want)
{
	static int queue[2*Turns], left[Max];
	int head = 0, tail = 0, turns = 0, next = 0, alive = 0;
	int b = 0, paused = 0, k, id;

	for(queue[tail++] = Main; head < tail; ) {
		id = queue[head++];
		if(id != Main) {
			want[turns++] = id;
			if(--left[id] > 0)
				queue[tail++] = id;
			else
				alive--;
			continue;
		}
		while(b < s->nbatch && paused == s->pause[b]) {
			for(k = 0; k < s->batch[b]; k++, alive++) {
				left[next] = s->yields[next] + 1;
				queue[tail++] = next++;
			}
			b++;
			paused = 0;
		}
		paused += b < s->nbatch;
		if(b < s->nbatch || alive > 0)
			queue[tail++] = Main;
	}
	return turns;
}

// Runs the script: one check.
static int
trial(const char *name)
{
	static int want[Turns];
	int status, n, i;

	s->turns = s->badarg = s->alive = 0;
	s->key = rnd();
	status = ingoroutine(script, 4);
	n = model(want);
	for(i = 0; i < n && i < s->turns; i++)
		if(s->order[i] != want[i])
			break;
	if(status == 0 && i == n && s->turns == n && s->badarg == 0
	&& s->alive == 1) {
		ok(1, "%s: they take turns", name);
		return 1;
	}
	ok(0, "%s: they take turns", name);
	note("%d goroutines, %d turns to take", s->n, n);
	if(status != 0)
		note("after %d turns the program ended with status %d, "
			"saying: %s", s->turns, status, childsaid);
	if(i < n)
		note("turn %d was for goroutine %d; it was taken by %d "
			"(0: nobody)", i + 1, want[i] + 2,
			i < s->turns ? s->order[i] + 2 : 0);
	if(s->badarg)
		note("an argument was wrong");
	note("No goroutine here waits for anything, so each is on the run "
		"queue or runs.  Where did gput put it, and where does "
		"gget look?  What the queue must do: " QUEUE);
	return 0;
}

// A new script, of at least min goroutines and less than min + more.
static void
any(int min, int more, int batches, int yields)
{
	int b, i;

	s->n = min + rnd() % more;
	s->nbatch = batches;
	for(b = 0, i = s->n; b < batches; b++) {
		s->batch[b] = b < batches - 1 ? (int)(rnd() % (i + 1))/2 : i;
		s->pause[b] = rnd() % 5;
		i -= s->batch[b];
	}
	for(i = 0; i < s->n; i++)
		s->yields[i] = rnd() % (yields + 1);
}

static int
randomly(void)
{
	int i;

	for(i = 0; i < 6; i++) {
		any(20, 600, 1 + rnd() % 12, 3);
		if(!trial("some"))
			return 0;
	}
	return 1;
}

int
main(void)
{
	endafter(10);
	s = shared(sizeof *s);
	any(5, 40, 2, 3);
	if(!trial("a few goroutines") || !isring())
		return done();
	any(100, 100, 1, 2);
	s->pause[0] = 1 + rnd() % 60;
	if(trial("a hundred or more") && randomly()) {
		// Two batches: the larger one has more than 2048 goroutines.
		any(Max - 500, 500, 2, 1);
		trial("thousands");
	}
	return done();
}
