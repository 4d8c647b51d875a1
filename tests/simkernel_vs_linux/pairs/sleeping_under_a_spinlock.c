/* Sleeping while a spinlock is held: scheduling while atomic. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);
static struct task_struct *worker;

static int work(void *data)
{
	spin_lock(&lock);
	msleep(20);
	spin_unlock(&lock);
	pr_info("went on\n");
	while (!kthread_should_stop())
		schedule_timeout_interruptible(5);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "careless");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
