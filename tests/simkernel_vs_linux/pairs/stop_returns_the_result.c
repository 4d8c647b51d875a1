/* kthread_stop() gives what threadfn returned, negative numbers too. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker[2];

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(20);
	return (long)data;
}

static int __init start(void)
{
	worker[0] = kthread_run(work, (void *)7L, "seven");
	worker[1] = kthread_run(work, (void *)-5L, "minus");
	return 0;
}

static void __exit stop(void)
{
	pr_info("first: %d\n", kthread_stop(worker[0]));
	pr_info("second: %d\n", kthread_stop(worker[1]));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
