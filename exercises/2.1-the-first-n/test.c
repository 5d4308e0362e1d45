// Generators that write down how far they have run, asked for random
// numbers of values.
#include "tap.h"
#include <unistd.h>

#define GENERATORS "chapter 2, \"Generators\""

enum { Max = 40, Rounds = 60 };

static G gen, outer;
static byte stack[2][16384];
static uintptr value[Max], buf[Max + 2], guard;
static int total, begun, went, ended;

// Yields value[0] to value[total-1]; went counts them.
static void
produce(void *arg)
{
	int i;

	(void)arg;
	begun++;
	for(i = 0; i < total; i++) {
		went++;
		yield(value[i]);
	}
	ended++;
}

static void
begin(int n)
{
	int i;

	total = n;
	for(i = 0; i < n; i++)
		value[i] = rnd() % 4 == 0 ? 0 : (uintptr)rnd();
	begun = went = ended = 0;
	newcoro(&gen, stack[0], sizeof stack[0], produce, nil);
}

// Says what is wrong after take has given back got, of n wanted; nil
// if nothing is.  Before, taken values were gone, and the generator
// had done steps.
static const char *
wrong(int got, int n, int taken, int steps)
{
	int i, left = total - taken, want = n < left ? n : left;

	if(got != want)
		return n <= left
			? "there were n values: it stores and returns n"
			: "fewer than n were left: it stores these, and "
			"returns how many they were";
	for(i = 0; i < got; i++)
		if(buf[1 + i] != value[taken + i])
			return "a value in buf is not what was yielded";
	for(i = 0; i < Max + 2; i++)
		if((i < 1 || i > got) && buf[i] != guard)
			return "it wrote to buf where no value belongs";
	if(n == 0 && begun + went + ended != steps)
		return "nothing was wanted, and the generator ran";
	if(n == want && went != taken + n)
		return "the generator ran on, beyond the last value";
	if(n == want && n > 0 && ended)
		return "the generator ended; the values were enough";
	if(n > want && !ended)
		return "the values did not suffice: it should have ended";
	return nil;
}

// One take of n values: returns if all was right.
static int
trial(int n, int *taken)
{
	const char *why;
	int i, got, old = *taken, dead = ended;
	int steps = begun + went + ended;

	guard = (uintptr)rnd() | 1;
	for(i = 0; i < Max + 2; i++)
		buf[i] = guard;
	got = take(&gen, buf + 1, n);
	why = wrong(got, n, old, steps);
	if(why == nil) {
		*taken += got;
		return 1;
	}
	ok(0, "take stores the values that were asked for, and no more");
	note("take(gp, buf, %d) returned %d; of %d values, %d were "
		"taken before%s", n, got, total, old,
		dead ? ", and the generator was dead" : "");
	note("%s", why);
	note("What a resume does, and when it returns 0: " GENERATORS);
	return 0;
}

// Takes all the values of a generator, in pieces.
static int
pieces(int n)
{
	int taken = 0, more;

	for(begin(n), more = 3; more > 0; more -= ended)
		if(!trial(rnd() % 9, &taken))
			return 0;
	return 1;
}

static int
special(void)
{
	int n = 1 + rnd() % 20, taken = 0;

	begin(n);
	if(!trial(0, &taken))
		return 0;
	ok(1, "take(gp, buf, 0) does not begin a generator");
	if(!trial(n, &taken) || !trial(0, &taken))
		return 0;
	ok(1, "as many as there are, and the generator still waits");
	if(!trial(1, &taken) || !trial(1, &taken))
		return 0;
	ok(1, "a dead generator gives nothing");
	taken = 0;
	begin(0);
	if(!trial(n, &taken))
		return 0;
	ok(1, "a generator without values gives nothing");
	taken = 0;
	begin(n);
	if(!trial(n + 3, &taken))
		return 0;
	ok(1, "more than there are");
	return 1;
}

// take on a coroutine's stack: yields the sum, and then 1 if all the
// rest was right.
static void
consume(void *arg)
{
	int taken = *(int *)arg, i;
	uintptr sum = 0;

	for(i = 0; i < taken; i++)
		sum += buf[1 + i];
	yield(sum);
	yield(trial(total, &taken));
}

int
main(void)
{
	uintptr v = 0;
	int i, taken = 0;

	endafter(10);
	begin(5 + rnd() % 20);
	if(!trial(2, &taken))
		return done();
	ok(1, "the first two of %d", total);
	if(!special())
		return done();
	for(i = 0; i < Rounds; i++)
		if(!pieces(rnd() % Max))
			return done();
	ok(1, "%d generators, emptied in pieces", Rounds);

	taken = 0;
	begin(5 + rnd() % 20);
	if(!trial(3, &taken))
		return done();
	newcoro(&outer, stack[1], sizeof stack[1], consume, &taken);
	ok(take(&outer, &v, 1) == 1
		&& v == value[0] + value[1] + value[2],
		"a generator that takes from what another one left");
	ok(take(&outer, &v, 1) == 1 && v == 1,
		"and takes again, on its own stack");
	return done();
}
