/* dump_stack() shows who runs and how it came there. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static noinline int inner(void)
{
	dump_stack();
	return 1;
}

static int work(void *data)
{
	int n = inner();

	while (!kthread_should_stop())
		msleep(10);
	return n;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "dumper");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
