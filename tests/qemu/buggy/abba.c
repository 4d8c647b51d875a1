/* Two mutexes taken in opposite orders: each may end up with one, waiting for the other. */
#include "pair.h"
static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static volatile int moved;

static void move(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	moved++;
	mutex_unlock(second);
	mutex_unlock(first);
}

static int forth(void *data) { move(&a, &b); return until_stop(); }
#ifdef RIGHT
static int back(void *data) { move(&a, &b); return until_stop(); }
#else
static int back(void *data) { move(&b, &a); return until_stop(); }
#endif
static int __init buggy_init(void) { return start_pair(forth, back); }
static void __exit buggy_exit(void) { stop_pair(); pr_info("moved %d\n", moved); }
module_init(buggy_init);
module_exit(buggy_exit);
