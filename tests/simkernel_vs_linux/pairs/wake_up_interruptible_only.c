/* wake_up_interruptible() leaves those alone who sleep uninterruptibly. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static int gate;
static struct task_struct *worker[2];

static int work(void *data)
{
	if (data)
		wait_event(wq, gate);
	else
		wait_event_interruptible(wq, gate);
	pr_info("%s is awake\n", current->comm);
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	worker[0] = kthread_run(work, NULL, "light");
	worker[1] = kthread_run(work, worker, "heavy");
	msleep(20);
	gate = 1;
	wake_up_interruptible(&wq);
	msleep(20);
	pr_info("and now all\n");
	wake_up(&wq);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker[0]);
	kthread_stop(worker[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
