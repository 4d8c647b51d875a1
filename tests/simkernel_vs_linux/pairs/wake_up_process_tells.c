/* wake_up_process() says whether the task slept: 1, or 0 if it could run already. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("waking myself: %d\n", wake_up_process(current));
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	int first, second;

	worker = kthread_create(work, NULL, "woken");
	preempt_disable();
	first = wake_up_process(worker);
	second = wake_up_process(worker);
	preempt_enable();
	msleep(50);
	pr_info("first %d, second %d\n", first, second);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
