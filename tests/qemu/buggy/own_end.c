/* The kthread may end by itself; kthread_stop then reaches for a task that is gone. */
#include "pair.h"

static int work(void *data)
{
	for (int i = 0; i < 22 && !kthread_should_stop(); i++)
		msleep_interruptible(8);
	return 0;
}

static int __init buggy_init(void)
{
	pair[0] = kthread_create(work, NULL, "worker");
#ifdef RIGHT
	get_task_struct(pair[0]);
#endif
	wake_up_process(pair[0]);
	return 0;
}

static void __exit buggy_exit(void)
{
	kthread_stop(pair[0]);
#ifdef RIGHT
	put_task_struct(pair[0]);
#endif
	pr_info("stopped\n");
}
module_init(buggy_init);
module_exit(buggy_exit);
