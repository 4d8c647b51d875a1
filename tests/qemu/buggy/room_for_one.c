/* There is room for one more; both look before they take the lock. */
#include "pair.h"
#define SIZE 4
static DEFINE_MUTEX(lock);
static volatile int used = SIZE - 1;

static int put(void *data)
{
#ifdef RIGHT
	mutex_lock(&lock);
	if (used < SIZE)
		used++;
	mutex_unlock(&lock);
#else
	if (used < SIZE) {
		mutex_lock(&lock);
		used++;
		mutex_unlock(&lock);
	}
#endif
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(put, put); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("used %d\n", used); }
module_init(buggy_init);
module_exit(buggy_exit);
