/* comm holds 15 characters; /proc shows a kthread's name in full. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("I am %s\n", current->comm);
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "a_very_long_kernel_thread_name/%d", 12345);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
