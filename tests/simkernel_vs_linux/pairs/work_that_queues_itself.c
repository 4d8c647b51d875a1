/* A work may queue itself while it runs; cancel_work_sync() ends that. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static int ran;

static void fn(struct work_struct *work)
{
	bool pending = work_pending(work), queued = schedule_work(work);

	if (++ran <= 2)
		pr_info("pending %d, queued again %d\n", pending, queued);
	msleep(5);
}
static DECLARE_WORK(work, fn);

static int __init start(void)
{
	schedule_work(&work);
	return 0;
}

static void __exit stop(void)
{
	cancel_work_sync(&work);
	pr_info("pending %d, it ran more than twice: %d\n", work_pending(&work), ran > 2);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
