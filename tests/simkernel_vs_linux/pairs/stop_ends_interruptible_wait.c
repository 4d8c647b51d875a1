/* From 6.1 kthread_stop() throws a kthread out of wait_event_interruptible(), as a signal would. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static struct task_struct *worker;

static int work(void *data)
{
	int rc;

	pr_info("signal_pending before: %d\n", signal_pending(current));
	rc = wait_event_interruptible(wq, false);
	pr_info("signal_pending after: %d\n", signal_pending(current));
	return rc;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "sleeper");
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
