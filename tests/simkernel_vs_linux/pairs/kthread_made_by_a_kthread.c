/* A kthread that another kthread asks for is a child of kthreadd all the same. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *outer, *inner;

static noinline int work(void *data)
{
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int make(void *data)
{
	inner = kthread_run(work, NULL, "inner");
	work(data);
	return 0;
}

static int __init start(void)
{
	outer = kthread_run(make, NULL, "outer");
	return 0;
}

static void __exit stop(void)
{
	pr_info("parents %d %d\n", outer->real_parent->pid, inner->real_parent->pid);
	kthread_stop(inner);
	kthread_stop(outer);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
