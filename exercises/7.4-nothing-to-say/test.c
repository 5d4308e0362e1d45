// gosave returns 7, both times.
#include "tap.h"

#define TWICE "chapter 2, \"Returning twice\""
#define CORO "chapter 2, \"Coroutines\""

enum { Values = 1, Nested = 2, Lost = 4, Threads = 8 };
static G gen, outer;
static byte stack[2][16384];
static uint32 sums, ended;

static void
squares(void *arg)
{
	uintptr i;

	for(i = 1; i <= *(uintptr *)arg; i++)
		yield(i*i);
}

static void
doubled(void *arg)
{
	uintptr v;

	newcoro(&gen, stack[0], sizeof stack[0], squares, arg);
	while(resume(&gen, &v))
		yield(2*v);
}

static uintptr
values(void)
{
	uintptr n = 10, v, sum = 0, count = 0;

	gen.status = Gdead;
	newcoro(&gen, stack[0], sizeof stack[0], squares, &n);
	while(resume(&gen, &v)) {
		sum += v;
		if(++count > n)
			finish(Values);
	}
	return sum == 385 ? 0 : Values;
}

static uintptr
nested(void)
{
	uintptr n = 10, v, sum = 0;

	newcoro(&outer, stack[1], sizeof stack[1], doubled, &n);
	while(resume(&outer, &v))
		sum += v;
	return sum == 770 ? 0 : Nested;
}

static void
steps(void *arg)
{
	uintptr v;

	resume(arg, &v);
}

static uintptr
registers(void)
{
	uintptr n = 10, found = 0;
	int i;

	gen.status = Gdead;
	newcoro(&gen, stack[0], sizeof stack[0], squares, &n);
	for(i = 0; i < 8; i++)
		if(*lost(steps, &gen) != '\0')
			found = Lost;
	return found;
}

static void
sum(void *arg)
{
	static byte stacks[6][4096];
	uintptr n = 40, v, total = 0;
	G mine = { .status = Gdead };

	newcoro(&mine, stacks[*(int *)arg], 4096, squares, &n);
	while(resume(&mine, &v)) {
		total += v;
		gosched();
	}
	xadd(&sums, total);
	xadd(&ended, 1);
}

static void
run(void)
{
	int i;

	gomaxprocs(3);
	for(i = 0; i < 6; i++)
		go(sum, (int){ i });
	while(atomicload(&ended) < 6)
		gosched();
	finish(sums == 6*22140 ? 0 : Threads);
}

static uintptr
alone(void)
{
	return values() | nested() | registers();
}

static uintptr
child(void)
{
	rtstart(run);
}

int
main(void)
{
	uintptr found = troubles(alone);
	static Gobuf b;

	ok(gosave(&b) == 7, "gosave says nothing");
	verdict(!(found & Values), "a generator gives its values",
		"transfer has to find out in another way whether it has just "
		"saved its place or has been continued: see " TWICE);
	verdict(!(found & Nested), "one generator resumes another",
		"Several calls of transfer wait at the same time: see " CORO);
	verdict(!(found & Lost), "and no register is lost",
		"gosave and gogo are as they were");
	found = troubles(child);
	verdict(!(found & Threads), "also on several threads",
		"What is common to all is changed by all");
	return done();
}
