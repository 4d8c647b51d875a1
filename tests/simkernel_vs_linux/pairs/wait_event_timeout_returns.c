/* wait_event_timeout(): the ticks left, at least 1, or 0 when the time was up. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static bool ready;

static int work(void *data)
{
	msleep(40);
	ready = true;
	wake_up(&wq);
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}
static struct task_struct *worker;

static int __init start(void)
{
	long left;

	pr_info("true already: %ld\n", wait_event_timeout(wq, true, 25));
	pr_info("true, no time: %ld\n", wait_event_timeout(wq, true, 0));
	pr_info("never: %ld\n", wait_event_timeout(wq, false, 3));
	worker = kthread_run(work, NULL, "waker");
	left = wait_event_timeout(wq, ready, 10 * HZ);
	pr_info("some are left: %d\n", left > 9 * HZ && left < 10 * HZ);
	pr_info("interruptible: %ld\n", wait_event_interruptible_timeout(wq, false, 3));
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
