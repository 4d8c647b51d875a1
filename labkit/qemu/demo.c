#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	int rounds = 0;

	pr_info("%s: pid %d, mm %s\n", current->comm, current->pid, current->mm ? "of its own" : "NULL");
	while (!kthread_should_stop()) {
		rounds++;
		msleep_interruptible(100);
	}
	pr_info("%s: told to stop after %d rounds\n", current->comm, rounds);
	return 7;
}

static int __init demo_init(void)
{
	worker = kthread_run(work, NULL, "worker/%d", 0);
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	pr_info("%s: made a kthread\n", current->comm);
	return 0;
}

static void __exit demo_exit(void)
{
	pr_info("%s: the kthread returned %d\n", current->comm, kthread_stop(worker));
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
