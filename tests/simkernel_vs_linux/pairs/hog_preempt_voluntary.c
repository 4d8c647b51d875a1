/* preempt=voluntary: a kthread that computes keeps the only processor; what is due waits until it ends. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static bool rung;

static int hog(void *data)
{
	unsigned long end = jiffies + HZ / 5;

	while (!READ_ONCE(rung) && time_before(jiffies, end))
		udelay(100);
	pr_info("hog: %s\n", READ_ONCE(rung) ? "heard the bell" : "heard nothing");
	return 0;
}

static int bell(void *data)
{
	msleep(20);
	WRITE_ONCE(rung, true);
	pr_info("bell: rang\n");
	return 0;
}

static int __init start(void)
{
	kthread_run(bell, NULL, "bell");
	kthread_run(hog, NULL, "hog");
	msleep(400);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
