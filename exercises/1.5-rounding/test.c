#include "tap.h"
#include <string.h>
#include <unistd.h>

// The troubles that may be found.
enum {
	Doubles = 1, Longs = 2, Field = 4, Others = 8, Restored = 16,
	Flags = 32, Nested = 64, Lost = 128, Aligned = 256,
};

// A large number, and one so small that only the direction of rounding
// tells whether it was added.
static volatile double x, tiny;

static double
step(double from, int ulps)
{
	uint64 bits;

	memcpy(&bits, &from, sizeof bits);
	bits += ulps;
	memcpy(&from, &bits, sizeof bits);
	return from;
}

// Four sums, each of which has its own answer to the four modes.
static __attribute__((noipa)) void
sums(void *arg)
{
	volatile double *r = arg;

	r[0] = x + tiny;
	r[1] = x - tiny;
	r[2] = -x + tiny;
	r[3] = -x - tiny;
}

static int
right(int mode, volatile double *r)
{
	int up = mode == RoundUp, down = mode == RoundDown;
	int zero = mode == RoundZero;

	return r[0] == (up ? step(x, 1) : x)
		&& r[1] == (down || zero ? step(x, -1) : x)
		&& r[2] == (up || zero ? -step(x, -1) : -x)
		&& r[3] == (down ? -step(x, 1) : -x);
}

// The same question to the unit that computes long doubles.
static __attribute__((noipa)) void
longsums(void *arg)
{
	volatile long double l = x, s = l + tiny, d = l - tiny;

	*(int *)arg = s > l ? RoundUp : d == l ? RoundNearest : RoundDown;
}

static int
rightlong(int mode, int got)
{
	return got == mode || (got == RoundDown && mode == RoundZero);
}

// How to read and write a control register, how it encodes the modes,
// a bit of it that has to do with something else, and the flag that
// says: a result was inexact.
#define READ_mxcsr(w) __asm__ volatile("stmxcsr %0" : "=m"(w))
#define WRITE_mxcsr(w) __asm__ volatile("ldmxcsr %0" :: "m"(w))
#define ROW_mxcsr { 0, 0x2000, 0x4000, 0x6000 }, 0x8000, 0x20
#define READ_x87cw(w) __asm__ volatile("fnstcw %0" : "=m"(w))
#define WRITE_x87cw(w) __asm__ volatile("fldcw %0" :: "m"(w))
#define ROW_x87cw { 0, 0x400, 0x800, 0xc00 }, 0x100, 0
#define READ_fpscr(w) __asm__ volatile("vmrs %0, fpscr" : "=r"(w))
#define WRITE_fpscr(w) __asm__ volatile("vmsr fpscr, %0" :: "r"(w))
#define ROW_fpscr { 0, 0x800000, 0x400000, 0xc00000 }, 0x1000000, 0x10

typedef struct Row Row;
struct Row {
	uint64 base, vary;	// 0: not a control register
	uint64 mode[4];
	uint64 other, flag;
};

static const Row row[] = {
#define CALLEE(r, text) { 0 },
#define CALLEE_FP(r, text) { 0 },
#define CALLEE_FLAG(r, bit, text) { 0 },
#define CALLEE_CTL(r, base, vary, text) { base, vary, ROW_##r },
#include "registers.h"
};
enum { NRow = sizeof row/sizeof row[0] };

static uint64 in[NRow], out[NRow], seen[NRow];
static uintptr sp;
static int mode;

// Reads the control registers; then raises the flags, and leaves
// another mode behind.
static __attribute__((noipa)) void
meddle(void *arg)
{
	uint32 w = 0;
	int i = 0;

	(void)arg;
	sp = spnow();
#define CALLEE(r, text) i++;
#define CALLEE_FP(r, text) i++;
#define CALLEE_FLAG(r, bit, text) i++;
#define CALLEE_CTL(r, base, vary, text) \
	READ_##r(w); \
	seen[i] = w; \
	w = (w ^ vary) | row[i].flag; \
	WRITE_##r(w); \
	w = 0; \
	i++;
#include "registers.h"
}

static __attribute__((noipa)) void
meddled(void *arg)
{
	withround(mode, meddle, arg);
}

static uintptr
registers(void)
{
	uintptr t = 0;
	const Row *r;
	int i;

	for(i = 0; i < NRow; i++)
		in[i] = row[i].base ^ (rnd() & (row[i].vary | row[i].other));
	withregs(meddled, nil, in, out);
	for(i = 0; i < NRow; i++) {
		r = &row[i];
		if((seen[i] & r->vary) != r->mode[mode])
			t |= Field;
		if((seen[i] ^ in[i]) & (r->base | r->other))
			t |= Others;
		if((out[i] ^ in[i]) & r->vary)
			t |= Restored;
		if((out[i] ^ in[i]) & (r->base | r->other))
			t |= Others;
		if((out[i] & r->flag) != r->flag)
			t |= Flags;
	}
	return sp % StackAlign == 0 ? t : t | Aligned;
}

typedef struct Nest Nest;
struct Nest {
	int mode;
	double before[4], inside[4], after[4];
};

static __attribute__((noipa)) void
nest(void *arg)
{
	Nest *n = arg;

	sums(n->before);
	withround(n->mode, sums, n->inside);
	sums(n->after);
}

static uintptr
once(void)
{
	Nest n = { .mode = rnd() % 4 };
	double r[4] = { 0 };
	int l = -1;
	uintptr t;

	mode = rnd() % 4;
	x = (1 << 20) + (rnd() & 0xfffffff) + 0.5;
	tiny = 1.0/((uint64)1 << (50 + rnd() % 10));
	t = registers();
	withround(mode, sums, r);
	if(!right(mode, r))
		t |= Doubles;
	withround(mode, longsums, &l);
	if(!rightlong(mode, l))
		t |= Longs;
	withround(mode, nest, &n);
	if(!right(mode, n.before) || !right(n.mode, n.inside)
	|| !right(mode, n.after))
		t |= Nested;
	sums(r);
	if(!right(RoundNearest, r))
		t |= Restored;
	if(*lost(meddled, nil) != '\0')
		t |= Lost;
	return t;
}

static uintptr
check(void)
{
	uintptr t = 0;
	int i;

	for(i = 0; i < 100; i++)
		t |= once();
	return t;
}

int
main(void)
{
	uintptr t;

	endafter(10);
	t = troubles(check);
	verdict(!(t & Doubles), "sums of doubles under each of the modes",
		"a control register chooses how sums are rounded: see the "
		"last rows of the table in \"Whose register is it?\"");
	verdict(!(t & Longs), "sums of long doubles under each of the modes",
		"on amd64 and 386 there are two units, and each has its own "
		"control register");
	verdict(!(t & Field), "each control register has the mode in it",
		"see the last rows of the table, and the manual of the "
		"machine for the code of each mode");
	verdict(!(t & Others), "the other bits of the registers stay as they are",
		"change the two bits that are yours: see the base values "
		"in the table");
	verdict(!(t & Restored), "the mode is afterwards what it was before",
		"it need not have been RoundNearest, and two registers need "
		"not have agreed: see \"Sentinels\"");
	verdict(!(t & Flags), "the exceptions that fn has recorded are there",
		"put back the mode, not the whole register: see "
		"\"Whose register is it?\"");
	verdict(!(t & Nested), "withround inside withround",
		"each call needs a place of its own for what it saves");
	verdict(!(t & Lost), "nothing is lost",
		"see \"Sentinels\"; lost says what it is");
	verdict(!(t & Aligned), "fn is called with an aligned stack pointer",
		"see \"A second stack\"");
	return done();
}
