/* A wait with a timeout that kthread_stop() ends gives -ERESTARTSYS, not 0. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static struct task_struct *worker;

static int work(void *data)
{
	return wait_event_interruptible_timeout(wq, false, 600 * HZ);
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "patient");
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
