/* Two kthreads count without a lock: an update is lost when one stands still between load and store. */
#include "pair.h"
static volatile int counter;
static DEFINE_SPINLOCK(lock);

static int count(void *data)
{
	for (int i = 0; i < 50; i++) {
#ifdef RIGHT
		spin_lock(&lock);
#endif
		counter = counter + 1;
#ifdef RIGHT
		spin_unlock(&lock);
#endif
	}
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(count, count); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("counter %d\n", counter); }
module_init(buggy_init);
module_exit(buggy_exit);
