/* A work that is queued and has not begun cannot be queued again: it runs once. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static int ran;

static void fn(struct work_struct *work)
{
	ran++;
	pr_info("running, pending %d\n", work_pending(work));
	msleep(20);
}
static DECLARE_WORK(work, fn);

static int __init start(void)
{
	bool first, second, pending;

	preempt_disable();
	first = schedule_work(&work);
	second = schedule_work(&work);
	pending = work_pending(&work);
	preempt_enable();
	pr_info("flush_work: %d\n", flush_work(&work));
	pr_info("queued %d %d, pending %d, ran %d\n", first, second, pending, ran);
	pr_info("flush_work again: %d\n", flush_work(&work));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
