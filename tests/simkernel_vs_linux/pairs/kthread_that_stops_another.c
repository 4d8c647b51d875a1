/* A kthread may stop another one, and its result is theirs; the order of the ends is the order of the calls. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *parent;

static int child_fn(void *data)
{
	while (!kthread_should_stop())
		msleep(10);
	pr_info("child ends\n");
	return 11;
}

static int parent_fn(void *data)
{
	struct task_struct *child = kthread_run(child_fn, NULL, "child");
	int n;

	while (!kthread_should_stop())
		msleep(10);
	n = kthread_stop(child);
	pr_info("parent ends\n");
	return n + 1;
}

static int __init start(void)
{
	parent = kthread_run(parent_fn, NULL, "parent");
	msleep(50);
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(parent));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
