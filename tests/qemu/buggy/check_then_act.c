/* Both look whether the place is free, then both take it. */
#include "pair.h"
static volatile int taken;
static atomic_t winners = ATOMIC_INIT(0);

static int take(void *data)
{
#ifdef RIGHT
	if (cmpxchg(&taken, 0, 1) == 0)
		atomic_inc(&winners);
#else
	if (!taken) {
		taken = 1;
		atomic_inc(&winners);
	}
#endif
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(take, take); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("winners %d\n", atomic_read(&winners)); }
module_init(buggy_init);
module_exit(buggy_exit);
