/* exit deletes the timer first and stops the kthread that arms it second. */
#include "pair.h"
static struct timer_list timer;
static volatile int rings;

static void ring(struct timer_list *unused) { rings++; }

static int arm(void *data)
{
	while (!kthread_should_stop()) {
		mod_timer(&timer, jiffies + HZ / 10);
		usleep_range(1900, 2100);
	}
	return 0;
}

static int __init buggy_init(void)
{
	timer_setup(&timer, ring, 0);
	pair[0] = kthread_run(arm, NULL, "armer");
	return 0;
}

static void __exit buggy_exit(void)
{
#ifdef RIGHT
	kthread_stop(pair[0]);
	del_timer_sync(&timer);
#else
	del_timer_sync(&timer);
	kthread_stop(pair[0]);
#endif
	pr_info("gone\n");
}
module_init(buggy_init);
module_exit(buggy_exit);
