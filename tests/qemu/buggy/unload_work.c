/* The work queues itself again; exit cancels it without waiting for one that is just running. */
#include "pair.h"
static struct delayed_work work;
static volatile int rounds;

static void again(struct work_struct *unused)
{
	rounds++;
	cond_resched();
	schedule_delayed_work(&work, 1);
}

static int __init buggy_init(void)
{
	INIT_DELAYED_WORK(&work, again);
	schedule_delayed_work(&work, 0);
	return 0;
}

static void __exit buggy_exit(void)
{
#ifdef RIGHT
	cancel_delayed_work_sync(&work);
#else
	cancel_delayed_work(&work);
#endif
	pr_info("cancelled\n");
}
module_init(buggy_init);
module_exit(buggy_exit);
