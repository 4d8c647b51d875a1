/* cancel_work_sync() says whether the work was still pending; then it does not run. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static void fn(struct work_struct *work)
{
	pr_info("running\n");
}
static DECLARE_WORK(work, fn);

static int __init start(void)
{
	pr_info("idle: %d\n", cancel_work_sync(&work));
	preempt_disable();
	schedule_work(&work);
	pr_info("cancel_work: %d\n", cancel_work(&work));
	pr_info("pending: %d\n", work_pending(&work));
	preempt_enable();
	schedule_work(&work);
	flush_work(&work);
	pr_info("after it ran: %d\n", cancel_work_sync(&work));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
