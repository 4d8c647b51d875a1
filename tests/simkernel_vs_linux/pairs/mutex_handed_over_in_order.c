/* Who waits for a mutex gets it in the order of asking. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(lock);
static struct task_struct *worker[3];

static int work(void *data)
{
	mutex_lock(&lock);
	pr_info("%s has it\n", current->comm);
	msleep(4);
	mutex_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	long i;

	mutex_lock(&lock);
	for (i = 0; i < 3; i++) {
		worker[i] = kthread_run(work, (void *)i, "queues/%ld", i);
		msleep(10);
	}
	mutex_unlock(&lock);
	msleep(80);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 3; i++)
		kthread_stop(worker[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
