/* kthread_stop() wakes a D sleeper too; its condition decides whether it sleeps on. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static struct task_struct *worker;

static int work(void *data)
{
	wait_event(wq, kthread_should_stop());
	return 3;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "deep");
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
