/* Another errno, and a kthread that init stops before it gives up. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(10);
	return 4;
}

static int __init start(void)
{
	struct task_struct *worker = kthread_run(work, NULL, "short_lived");

	msleep(30);
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
	return -EBUSY;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
