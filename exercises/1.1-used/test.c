#include "tap.h"
#include <string.h>
#include <unistd.h>

enum {
	Word = sizeof(uintptr),
	Edge = 8,		// words on either side of the stack
	N = 16384/Word,
};
static uintptr memory[Edge + N + Edge] __attribute__((aligned(16)));
static uintptr before[Edge + N + Edge];
static Stack s;

// The troubles that may be found.
enum { Edges = 1, Unused = 2, Depth = 4, Plain = 8, Holes = 16, Full = 32 };

// One use of the stack takes size bytes and changes all of them, from
// the word that is skip words above their low end.
static struct {
	uintptr size, skip;
	int holes;		// change that word only
	int plain;		// write value there, not the paint inverted
	uintptr value;
	uintptr *lowest;	// that word
} use;

static __attribute__((noipa)) void
dig(void *arg)
{
	volatile uintptr *p = __builtin_alloca(use.size);
	volatile uintptr *end = p + use.size/Word;

	(void)arg;
	p += use.skip;
	use.lowest = (uintptr *)p;
	*p = use.plain ? use.value : ~before[(uintptr *)p - memory];
	while(++p < end)
		if(!use.holes)
			*p = ~before[(uintptr *)p - memory];
}

// Changes the lowest word of all.
static __attribute__((noipa)) void
digdown(void *arg)
{
	volatile uintptr *p = arg;

	*p = ~*p;
	use.lowest = arg;
}

static uintptr
paint(void)
{
	uintptr *p, t = 0;

	for(p = memory; p < memory + Edge + N + Edge; p++)
		*p = rnd();
	memcpy(before, memory, sizeof memory);
	stackpaint(&s);
	for(p = memory; p < memory + Edge + N + Edge; p++)
		if((p < (uintptr *)s.lo || p >= (uintptr *)s.hi)
		&& *p != before[p - memory])
			t = Edges;
	memcpy(before, memory, sizeof memory);
	return stackused(&s) == 0 ? t : t | Unused;
}

static uintptr
after(void (*fn)(void *), void *arg, uintptr trouble)
{
	uintptr want;

	onstack(&s, fn, arg);
	want = s.hi - (byte *)use.lowest;
	return stackused(&s) == want && stackused(&s) == want
		? 0 : trouble;
}

static uintptr
once(void)
{
	uintptr *deepest, t = paint();

	memset(&use, 0, sizeof use);
	use.size = 512 + rnd() % 700 * 16;
	use.skip = rnd() % 8;
	t |= after(dig, nil, Depth);
	deepest = use.lowest;
	use.size = 256;
	onstack(&s, dig, nil);
	if(stackused(&s) != (uintptr)(s.hi - (byte *)deepest))
		t |= Depth;

	t |= paint();
	use.size = 512 + rnd() % 700 * 16;
	use.plain = 1;
	use.value = rnd() & 1 ? 0 : (uintptr)-1;
	t |= after(dig, nil, Plain);

	t |= paint();
	use.plain = 0;
	use.holes = 1;
	t |= after(dig, nil, Holes);
	t |= paint();
	return t | after(digdown, s.lo, Full);
}

static uintptr
check(void)
{
	uintptr t = 0;
	int i;

	for(i = 0; i < 20; i++) {
		s = (Stack){
			.lo = (byte *)(memory + Edge + rnd() % 8),
			.hi = (byte *)(memory + Edge + N) - rnd() % 8 * 16,
		};
		t |= once();
	}
	return t;
}

int
main(void)
{
	uintptr t;

	endafter(10);
	t = troubles(check);
	verdict(!(t & Unused), "a stack that was only painted: 0 used",
		"stackpaint must change every word from lo up to hi, "
		"and stackused look for changes");
	verdict(!(t & Edges), "the paint ends at lo and at hi",
		"hi itself belongs to somebody else: see Stack in "
		"\"Returning on a smashed frame\"");
	verdict(!(t & Depth), "the depth of the deepest use, in bytes",
		"from the lowest word that has changed up to hi, in "
		"bytes: see the statement of the exercise");
	verdict(!(t & Plain), "used words that contain 0 or -1",
		"a program stores these all the time; they are bad paint");
	verdict(!(t & Holes), "frames with holes that keep their paint",
		"see \"Reading the trail\": not every word of a frame is "
		"written, so the first painted word is not the end");
	verdict(!(t & Full), "a stack that was used to the last word",
		"the word at lo is the stack's own");
	return done();
}
