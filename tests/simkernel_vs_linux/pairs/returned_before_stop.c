/* A kthread that returned early is dead and gone from /proc; with a reference its result can still be had. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static struct task_struct *worker;

static int work(void *data)
{
	return 42;
}

static int __init start(void)
{
	worker = kthread_create(work, NULL, "early");
	get_task_struct(worker);
	wake_up_process(worker);
	return 0;
}

static void __exit stop(void)
{
	pr_info("state %#x exit_state %#x\n", READ_ONCE(worker->__state), worker->exit_state);
	pr_info("exiting %d\n", !!(worker->flags & PF_EXITING));
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
	put_task_struct(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
