/* The reader sleeps under a spinlock, but only when it comes too early. */
#include "pair.h"
static DEFINE_SPINLOCK(lock);
static int items = 1;

static int refill(void *data)
{
	for (int i = 0; i < 20; i++) {
		spin_lock(&lock);
		items--;
		spin_unlock(&lock);
		spin_lock(&lock);
		items++;
		spin_unlock(&lock);
	}
	return until_stop();
}

static int read(void *data)
{
	spin_lock(&lock);
#ifdef RIGHT
	while (!items) {
		spin_unlock(&lock);
		msleep(1);
		spin_lock(&lock);
	}
#else
	while (!items)
		msleep(1);
#endif
	spin_unlock(&lock);
	return until_stop();
}

static int __init buggy_init(void) { return start_pair(refill, read); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("items %d\n", items); }
module_init(buggy_init);
module_exit(buggy_exit);
