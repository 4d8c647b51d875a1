/* A kthread can be parked before it ever ran; threadfn begins when it is unparked. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("threadfn begins\n");
	while (!kthread_should_stop())
		msleep(10);
	return 1;
}

static int __init start(void)
{
	worker = kthread_create(work, NULL, "garaged");
	pr_info("kthread_park: %d\n", kthread_park(worker));
	return 0;
}

static void __exit stop(void)
{
	pr_info("unparking\n");
	kthread_unpark(worker);
	msleep(50);
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
