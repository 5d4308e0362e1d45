// No system call may be made while a lock is held, but those of the locks
// themselves and of a report that ends the program.  The linker leads each
// call of rawsyscall here (-Wl,--wrap=rawsyscall).
#include "runtime.h"

intptr __real_rawsyscall(uintptr nr, ...);

static int
allowed(uintptr nr)
{
	return nr == SYS_futex || nr == SYS_write || nr == SYS_exit_group;
}

intptr
__wrap_rawsyscall(uintptr nr, uintptr a, uintptr b, uintptr c, uintptr d,
	uintptr e, uintptr f)
{
	M *mp = m;

	if(mp != nil && mp->locks > 0 && !allowed(nr)) {
		fdprintf(2, "not ok - system call %d with a lock held, "
			"from %x\n", (int)nr, __builtin_return_address(0));
		exits(2);
	}
	return __real_rawsyscall(nr, a, b, c, d, e, f);
}
