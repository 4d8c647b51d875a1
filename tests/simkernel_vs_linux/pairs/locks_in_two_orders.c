/* Two kthreads take two mutexes in two orders: both stay in D, and rmmod waits for them. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static struct task_struct *worker[2];

static int work(void *data)
{
	mutex_lock(data ? &second : &first);
	msleep(10);
	mutex_lock(data ? &first : &second);
	pr_info("never said\n");
	mutex_unlock(&first);
	mutex_unlock(&second);
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	worker[0] = kthread_run(work, NULL, "forwards");
	worker[1] = kthread_run(work, &first, "backwards");
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
