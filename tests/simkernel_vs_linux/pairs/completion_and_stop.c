/* A kthread in wait_for_completion_interruptible() is thrown out by kthread_stop(). */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static DECLARE_COMPLETION(never);
static struct task_struct *worker;

static int work(void *data)
{
	int rc = wait_for_completion_interruptible(&never);

	pr_info("ended with %d\n", rc);
	return rc;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "hopeful");
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
	pr_info("done %d\n", completion_done(&never));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
