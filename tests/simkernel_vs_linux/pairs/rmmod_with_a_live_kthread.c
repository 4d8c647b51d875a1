/* rmmod does not ask for kthreads: one that comes back to its code finds none, and the kernel oopses. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

static int __init start(void)
{
	kthread_run(work, NULL, "forgotten");
	return 0;
}

static void __exit stop(void)
{
	pr_info("unloading\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
