#include "tap.h"
#include "twice.h"

int
main(void)
{
	ok(thrice(3) == 9, "three times three is nine");
	ok(thrice(0) == 0, "three times nothing is nothing");
	return done();
}
