/* A kthread that has ended cannot be woken: with a reference held one may ask, and its state stays. */
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
	worker = kthread_create(work, NULL, "short");
	get_task_struct(worker);
	wake_up_process(worker);
	msleep(20);
	pr_info("wakes: %d\n", wake_up_process(worker));
	pr_info("state %#x, exit_state %d, exiting %d\n", worker->__state, worker->exit_state, !!(worker->flags & PF_EXITING));
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
	put_task_struct(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
