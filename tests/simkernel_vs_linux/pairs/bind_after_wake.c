/* kthread_bind() of a kthread that runs already warns, and binds nothing. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep_interruptible(1000);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "late");
	msleep(20);
	kthread_bind(worker, 0);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
