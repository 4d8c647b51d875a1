/* A kthread that ends with a spinlock held is told off, and nobody gives the lock back. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int work(void *data)
{
	spin_lock(&lock);
	return 3;
}

static int __init start(void)
{
	struct task_struct *worker = kthread_create(work, NULL, "hasty");

	get_task_struct(worker);
	wake_up_process(worker);
	msleep(20);
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
	pr_info("trylock: %d\n", spin_trylock(&lock));
	put_task_struct(worker);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
