/* Parking what is parked warns and gives -EBUSY. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		msleep(10);
	}
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "twice");
	msleep(30);
	pr_info("first: %d\n", kthread_park(worker));
	pr_info("second: %d\n", kthread_park(worker));
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
