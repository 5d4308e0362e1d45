// Tells the thread sanitizer about goroutines.  It follows the calls of each
// thread; a switch between stacks looks to it like a return that never comes.
// So each G is a fibre of its own, and the routines that switch are wrapped by
// the linker (-Wl,--wrap=gogo and so on): the wrapper names the fibre that will
// run next, and calls the real one.  Nothing here is instrumented, so the lock
// of the table hides no race.
#include "nolocks.h"

void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fibre);
void __tsan_switch_to_fiber(void *fibre, unsigned flags);

void __real_gogo(Gobuf *b, uintptr v) __attribute__((noreturn));
void __real_gogocall(Gobuf *b, void (*fn)(void *), void *arg)
	__attribute__((noreturn));
void __real_mcall(void (*fn)(G *));

enum { Size = 1<<14, Rounds = 1000 };
typedef struct Fibre Fibre;
struct Fibre {
	G *gp;
	void *fibre;
	int own;	// made here; else it is the thread's
	int rounds;	// calls of mcall that have run on it
};
static Fibre table[Size];
static char busy;

static Fibre *
find(G *gp)
{
	uintptr i = (uintptr)gp/16 % Size, n;

	while(__atomic_test_and_set(&busy, __ATOMIC_ACQUIRE))
		;
	for(n = 0; table[i].gp != nil && table[i].gp != gp; n++) {
		if(n == Size)
			throw("tools/sanitize.d/thread.c: too many goroutines");
		i = (i + 1) % Size;
	}
	table[i].gp = gp;
	__atomic_clear(&busy, __ATOMIC_RELEASE);
	return &table[i];
}

// The running G is about to be left.
static void
leaving(void)
{
	Fibre *f = find(g);

	if(f->fibre == nil)
		f->fibre = __tsan_get_current_fiber();
}

// A fibre without any calls.
static void
fresh(Fibre *f)
{
	if(f->own)
		__tsan_destroy_fiber(f->fibre);
	f->fibre = __tsan_create_fiber(0);
	f->own = 1;
	f->rounds = 0;
}

void __attribute__((noreturn))
__wrap_gogo(Gobuf *b, uintptr v)
{
	Fibre *f = find(b->gp);

	leaving();
	if(f->fibre == nil)
		fresh(f);
	__tsan_switch_to_fiber(f->fibre, 0);
	__real_gogo(b, v);
}

void __attribute__((noreturn))
__wrap_gogocall(Gobuf *b, void (*fn)(void *), void *arg)
{
	Fibre *f = find(b->gp);

	leaving();
	fresh(f);
	__tsan_switch_to_fiber(f->fibre, 0);
	__real_gogocall(b, fn, arg);
}

// What mcall calls never returns, so the calls on g0's fibre add up; now and
// then it gets another one.
void
__wrap_mcall(void (*fn)(G *))
{
	Fibre *f = find(m->g0);

	if(g != m->g0) {	// else the real one throws
		leaving();
		if(f->fibre == nil || ++f->rounds >= Rounds)
			fresh(f);
		__tsan_switch_to_fiber(f->fibre, 0);
	}
	__real_mcall(fn);
}
