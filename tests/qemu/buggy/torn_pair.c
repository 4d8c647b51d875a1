/* Two numbers that belong together are written one after the other, and read in between. */
#include "pair.h"
static DEFINE_MUTEX(lock);
static volatile int left, right;
static int torn;

static int write(void *data)
{
	for (int i = 1; i <= 20; i++) {
#ifdef RIGHT
		mutex_lock(&lock);
#endif
		left = i;
		right = i;
#ifdef RIGHT
		mutex_unlock(&lock);
#endif
	}
	return until_stop();
}

static int read(void *data)
{
	for (int i = 0; i < 20; i++) {
#ifdef RIGHT
		mutex_lock(&lock);
#endif
		torn += left != right;
#ifdef RIGHT
		mutex_unlock(&lock);
#endif
	}
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(write, read); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("torn %d\n", torn); }
module_init(buggy_init);
module_exit(buggy_exit);
