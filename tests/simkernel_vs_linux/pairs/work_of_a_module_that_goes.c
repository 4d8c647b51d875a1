/* A module that goes while its work runs: the kworker oopses when it comes back, and the queue lives on. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static void fn(struct work_struct *work)
{
	pr_info("work begins\n");
	msleep(200);
	pr_info("never said\n");
}

static DECLARE_WORK(work, fn);

static int __init start(void)
{
	schedule_work(&work);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
