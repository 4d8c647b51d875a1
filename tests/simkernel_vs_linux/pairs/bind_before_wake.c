/* kthread_bind() of a kthread that was not woken marks it as not to be moved. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("flags %#x\n", current->flags & (PF_KTHREAD | PF_NO_SETAFFINITY));
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker = kthread_create(work, NULL, "bound");
	kthread_bind(worker, 0);
	wake_up_process(worker);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
