/* A kthread that was created and not woken waits in D, and stopping it calls nothing. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("threadfn ran\n");
	return 7;
}

static int __init start(void)
{
	worker = kthread_create(work, NULL, "unwoken");
	pr_info("state %#x\n", READ_ONCE(worker->__state));
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
