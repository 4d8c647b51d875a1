/* kthread_run() and kthread_stop() back to back: threadfn may never be called. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int work(void *data)
{
	pr_info("threadfn ran\n");
	while (!kthread_should_stop())
		msleep(10);
	return 7;
}

static int __init start(void)
{
	struct task_struct *worker = kthread_run(work, NULL, "hasty");

	pr_info("kthread_stop: %d\n", kthread_stop(worker));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
