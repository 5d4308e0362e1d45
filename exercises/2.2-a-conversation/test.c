// Generators ask and yield in a random order, and are answered and
// resumed in a random order.  Each writes down what its asks returned,
// and the answers are compared with what was sent.
#include "tap.h"
#include <unistd.h>

#define GENERATORS "chapter 2, \"Generators\""

enum { Max = 30, Rounds = 40, Deep = 8 };

// One generator.
typedef struct Talk Talk;
struct Talk {
	G g;
	byte stack[16384];
	int n;			// it asks or yields so often
	int asks[Max];		// which of them are asks
	uintptr says[Max];	// what it hands over
	uintptr hears[Max];	// what its asks returned
	int at;			// how many it has behind it
};
static Talk talk[2];

// A value: 0 and -1 are values like any other.
static uintptr
any(void)
{
	switch(rnd() % 8) {
	case 0:
		return 0;
	case 1:
		return (uintptr)-1;
	}
	return (uintptr)rnd();
}

// Asks at some depth of calls.
static __attribute__((noipa)) uintptr
dive(int depth, uintptr v)
{
	uintptr got = depth > 0 ? dive(depth - 1, v) : ask(v);

	return got;
}

static void
speak(void *arg)
{
	Talk *t = arg;
	int i;

	for(i = 0; i < t->n; i++) {
		if(t->asks[i])
			t->hears[i] = dive(t->says[i] % Deep, t->says[i]);
		else
			yield(t->says[i]);
		t->at++;
	}
}

static void
begin(Talk *t, int n, int yields)
{
	int i;

	t->n = n;
	t->at = 0;
	for(i = 0; i < n; i++) {
		t->asks[i] = !yields || rnd() % 2;
		t->says[i] = any();
		t->hears[i] = (uintptr)rnd();
	}
	newcoro(&t->g, t->stack, sizeof t->stack, speak, t);
}

// What to think about when a check fails.
#define LIES "Where a value lies while nobody's registers are valid: "
#define WRITES "Which words of a G a resume writes and which it leaves: "
#define TURNS "When a resume returns, and what it returns: "

static int
fail(const char *name, const char *advice, const char *fmt,
	uintptr got, uintptr want)
{
	ok(0, "%s", name);
	note(fmt, got, want);
	note("%s" GENERATORS, advice);
	return 0;
}

// Sends to t (or resumes it, if not replies): returns if all was
// right.  was is 1 if t has begun.
static int
turn(const char *name, Talk *t, int was, int replies)
{
	uintptr v = 0, send = replies ? any() : 0;
	int i = t->at, dead = was && i == t->n, more;

	more = replies ? reply(&t->g, send, &v) : resume(&t->g, &v);
	if(dead)
		return !more || fail(name, TURNS,
			"a dead generator: reply returned %d, not %d", 1, 0);
	if(t->at != i + was)
		return fail(name, TURNS, "it passed %d asks or yields "
			"at this reply, not %d", t->at - i, was);
	if(was && t->asks[i] && t->hears[i] != send)
		return fail(name, replies ? LIES : WRITES, replies
			? "ask returned %p, and what the reply sent was %p"
			: "ask returned %p after a resume, not %p",
			t->hears[i], send);
	if(more != (t->at < t->n))
		return fail(name, TURNS, "reply returned %d, not %d",
			more, t->at < t->n);
	if(more && v != t->says[t->at])
		return fail(name, LIES, "the resumer got %p, not %p", v,
			t->says[t->at]);
	return 1;
}

// A conversation from begin to end.
static int
all(const char *name, Talk *t, int resumes)
{
	int i;

	for(i = 0; i < t->n + 3; i++)
		if(!turn(name, t, i > 0, !resumes || rnd() % 2))
			return 0;
	return 1;
}

// Two conversations whose turns are mixed.
static int
both(const char *name)
{
	int was[2] = { 0, 0 }, i, k;

	begin(&talk[0], rnd() % Max, 1);
	begin(&talk[1], rnd() % Max, 1);
	for(i = 0; i < 3*Max; i++) {
		k = rnd() % 2;
		if(!turn(name, &talk[k], was[k], rnd() % 2))
			return 0;
		was[k] = 1;
	}
	return 1;
}

// A generator that puts its questions to another one, and asks with
// what it hears: talk[1] answers talk[0], and the thread answers both.
static void
between(void *arg)
{
	uintptr v = 0, heard = *(uintptr *)arg;

	while(reply(&talk[1].g, heard, &v))
		heard = ask(v);
}

static int
nested(const char *name)
{
	Talk *t = &talk[1];
	uintptr v = 0, first = any(), send = 0;
	int i;

	begin(t, 1 + rnd() % Max, 0);
	newcoro(&talk[0].g, talk[0].stack, sizeof talk[0].stack, between,
		&first);
	for(i = 0; i <= t->n; i++) {
		send = any();
		if(reply(&talk[0].g, send, &v) != (i < t->n))
			return fail(name, TURNS, "reply %d of %d "
				"returned the opposite", i, t->n);
		if(i < t->n && v != t->says[i])
			return fail(name, LIES, "the resumer got %p, "
				"not %p", v, t->says[i]);
		if(i > 0 && t->hears[i - 1] != send)
			return fail(name, LIES, "the inner ask "
				"returned %p, not %p", t->hears[i - 1], send);
	}
	return 1;
}

static void
lonely(void)
{
	ask(1);
}

// One check: does try succeed in every round?
#define CHECK(try, name) do { \
	for(i = 0; i < Rounds; i++) \
		if(!(try)) \
			return done(); \
	ok(1, "%s", name); \
} while(0)

int
main(void)
{
	const char *s;
	int i;

	endafter(10);
	s = "each ask returns what the reply after it sends";
	CHECK((begin(&talk[0], 2 + rnd() % 20, 0),
		all(s, &talk[0], 0)), s);
	s = "what a yield or the beginning does not take is dropped";
	CHECK((begin(&talk[0], rnd() % Max, 1), all(s, &talk[0], 0)), s);
	s = "after a resume, ask returns 0";
	CHECK((begin(&talk[0], rnd() % Max, 1), all(s, &talk[0], 1)), s);
	s = "two conversations at once";
	CHECK(both(s), s);
	s = "a generator between two others";
	CHECK(nested(s), s);
	crashes(lonely, 2, "throw: yield outside a generator");
	return done();
}
