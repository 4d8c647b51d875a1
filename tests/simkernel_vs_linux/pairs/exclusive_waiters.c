/* wake_up() wakes one exclusive waiter, wake_up_nr() some, wake_up_all() the rest. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static int gate, passed;

static int work(void *data)
{
	wait_event_interruptible_exclusive(wq, gate);
	if (gate < 2)
		pr_info("%s passes\n", current->comm);
	passed++;
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}
static struct task_struct *worker[5];

static int __init start(void)
{
	int i;

	for (i = 0; i < 5; i++) {
		worker[i] = kthread_run(work, NULL, "guest/%d", i);
		msleep(20);
	}
	pr_info("somebody waits: %d\n", waitqueue_active(&wq));
	wake_up(&wq);
	msleep(20);
	pr_info("closed: %d passed\n", passed);
	gate = 1;
	wake_up(&wq);
	msleep(20);
	pr_info("wake_up: %d passed\n", passed);
	wake_up_nr(&wq, 2);
	msleep(20);
	pr_info("wake_up_nr: %d passed\n", passed);
	gate = 2;
	wake_up_all(&wq);
	msleep(20);
	pr_info("wake_up_all: %d passed\n", passed);
	pr_info("somebody waits: %d\n", waitqueue_active(&wq));
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 5; i++)
		kthread_stop(worker[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
