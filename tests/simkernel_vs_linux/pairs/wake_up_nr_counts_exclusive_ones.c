/* wake_up_nr() wakes so many of the exclusive ones, wake_up_all() everyone; the plain ones always wake. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static atomic_t served;
static struct task_struct *worker[8];

static int work(void *data)
{
	DEFINE_WAIT(entry);

	if (data)
		prepare_to_wait_exclusive(&wq, &entry, TASK_INTERRUPTIBLE);
	else
		prepare_to_wait(&wq, &entry, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&wq, &entry);
	atomic_inc(&served);
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static void wake(int nr)
{
	atomic_set(&served, 0);
	if (nr)
		wake_up_nr(&wq, nr);
	else
		wake_up_all(&wq);
	msleep(20);
	pr_info("woke %d, active %d\n", atomic_read(&served), waitqueue_active(&wq));
}

static int __init start(void)
{
	long i;

	for (i = 0; i < 8; i++)
		worker[i] = kthread_run(work, (void *)(long)(i > 1), "waiter/%ld", i);
	msleep(20);
	wake(1);
	wake(2);
	wake(0);
	wake(0);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 8; i++)
		kthread_stop(worker[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
