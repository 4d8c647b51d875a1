/* mod_delayed_work() sets the timer anew, pending or not; cancelling says whether it was pending. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static unsigned long begin;

static void fn(struct work_struct *work)
{
	pr_info("after %u ms\n", jiffies_to_msecs(jiffies - begin) / 20 * 20);
}

static struct workqueue_struct *wq;
static DECLARE_DELAYED_WORK(work, fn);

static int __init start(void)
{
	wq = alloc_workqueue("mods", 0, 0);
	pr_info("cancel new: %d\n", cancel_delayed_work(&work));
	begin = jiffies;
	pr_info("mod: %d\n", mod_delayed_work(wq, &work, 10 * HZ));
	pr_info("pending: %d\n", delayed_work_pending(&work));
	pr_info("mod again: %d\n", mod_delayed_work(wq, &work, 6));
	msleep(60);
	pr_info("pending: %d\n", delayed_work_pending(&work));
	pr_info("cancel after: %d\n", cancel_delayed_work_sync(&work));
	pr_info("queue: %d\n", queue_delayed_work(wq, &work, HZ));
	pr_info("cancel: %d\n", cancel_delayed_work(&work));
	pr_info("pending: %d\n", delayed_work_pending(&work));
	destroy_workqueue(wq);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
