/* After kthread_stop() an interruptible sleep ends early, and the next one does not begin. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	unsigned long left = msleep_interruptible(60000);
	long ticks;

	pr_info("left %d\n", left > 0 && left < 60000);
	pr_info("again: %lu\n", msleep_interruptible(1000) > 900);
	ticks = schedule_timeout_interruptible(HZ);
	pr_info("ticks left: %ld\n", ticks);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "napper");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
