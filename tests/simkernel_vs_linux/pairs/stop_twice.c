/* The second kthread_stop() waits for ever, even with a reference: a kthread ends once. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static struct task_struct *worker;

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(10);
	return 7;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "once");
	get_task_struct(worker);
	msleep(30);
	return 0;
}

static void __exit stop(void)
{
	pr_info("first: %d\n", kthread_stop(worker));
	pr_info("second: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
