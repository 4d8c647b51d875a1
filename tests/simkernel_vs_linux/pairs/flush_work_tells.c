/* flush_work() says whether there was anything to wait for; flush_delayed_work() does not wait for the timer. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static unsigned long begin;

static void fn(struct work_struct *work)
{
	msleep(10);
	pr_info("done\n");
}

static void later(struct work_struct *work)
{
	pr_info("done without waiting: %d\n", jiffies - begin < HZ);
}

static DECLARE_WORK(work, fn);
static DECLARE_DELAYED_WORK(delayed, later);

static int __init start(void)
{
	begin = jiffies;
	pr_info("never queued: %d\n", flush_work(&work));
	schedule_work(&work);
	pr_info("queued: %d\n", flush_work(&work));
	pr_info("done already: %d\n", flush_work(&work));
	pr_info("schedule %d\n", schedule_delayed_work(&delayed, 10 * HZ));
	pr_info("again %d\n", schedule_delayed_work(&delayed, HZ));
	pr_info("flush: %d\n", flush_delayed_work(&delayed));
	pr_info("flush: %d\n", flush_delayed_work(&delayed));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
