/* kthread_create_on_cpu() binds, and takes its %u from the CPU's number. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker = kthread_create_on_cpu(work, NULL, 0, "percpu/%u");
	pr_info("state %#x\n", READ_ONCE(worker->__state));
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
