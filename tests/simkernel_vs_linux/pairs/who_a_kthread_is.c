/* A kthread's flags, numbers and parent; it has no address space and borrows one. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("flags %#x policy %u prio %d\n", current->flags, current->policy, current->prio);
	pr_info("pid is tgid: %d\n", current->pid == current->tgid);
	pr_info("parent %d %s\n", current->real_parent->pid, current->real_parent->comm);
	pr_info("mm %s, active_mm %s\n", current->mm ? "own" : "NULL", current->active_mm ? "lent" : "NULL");
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "self");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
