/* mutex_trylock() is 1 when it got it, the other way round than down_trylock(); who waits is in D. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(lock);
static struct task_struct *worker[2];

static int work(void *data)
{
	int rc = 0;

	pr_info("try %d\n", mutex_trylock(&lock));
	pr_info("locked %d\n", mutex_is_locked(&lock));
	if (data)
		rc = mutex_lock_interruptible(&lock);
	else
		mutex_lock(&lock);
	if (!rc) {
		pr_info("%s has it\n", current->comm);
		mutex_unlock(&lock);
	}
	while (!kthread_should_stop())
		msleep(10);
	return rc;
}

static int __init start(void)
{
	pr_info("try %d\n", mutex_trylock(&lock));
	pr_info("locked %d\n", mutex_is_locked(&lock));
	worker[0] = kthread_run(work, NULL, "waits");
	msleep(20);
	worker[1] = kthread_run(work, worker, "gives_up");
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker[1]));
	mutex_unlock(&lock);
	msleep(30);
	pr_info("locked %d\n", mutex_is_locked(&lock));
	kthread_stop(worker[0]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
