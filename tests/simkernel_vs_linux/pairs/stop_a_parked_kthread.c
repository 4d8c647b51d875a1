/* kthread_stop() unparks first, so a parked kthread can be stopped. */
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
	pr_info("should_park is now %d\n", kthread_should_park());
	return 11;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "stopped_in_park");
	msleep(30);
	kthread_park(worker);
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
