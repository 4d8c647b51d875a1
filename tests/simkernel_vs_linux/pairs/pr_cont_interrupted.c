/* A record of another task comes in between: pr_cont() cannot go on with the first one. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int work(void *data)
{
	pr_info("somebody else\n");
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}
static struct task_struct *worker;

static int __init start(void)
{
	pr_info("begun");
	worker = kthread_run(work, NULL, "other");
	msleep(20);
	pr_cont(" and continued\n");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
