/* An oops ends the kthread that ran into it; the others go on, and rmmod too. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker, *nobody;

static int clumsy(void *data)
{
	wake_up_process(nobody);
	return 0;
}

static int work(void *data)
{
	int n = 0;

	while (!kthread_should_stop()) {
		msleep(10);
		n++;
	}
	return n > 3;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "bystander");
	kthread_run(clumsy, NULL, "clumsy");
	return 0;
}

static void __exit stop(void)
{
	pr_info("bystander went on: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
