/* Two owners count down without an atomic: both may think that they were the last, or neither. */
#include "pair.h"
static volatile int references = 2;
static atomic_t counted = ATOMIC_INIT(2), freed = ATOMIC_INIT(0);

static int put(void *data)
{
#ifdef RIGHT
	if (atomic_dec_and_test(&counted))
		atomic_inc(&freed);
#else
	references = references - 1;
	if (references == 0)
		atomic_inc(&freed);
#endif
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(put, put); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("freed %d\n", atomic_read(&freed)); }
module_init(buggy_init);
module_exit(buggy_exit);
