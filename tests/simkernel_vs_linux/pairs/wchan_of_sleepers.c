/* Where each kind of sleep is seen to be: the functions of the scheduler itself are left out of /proc. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/semaphore.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static DECLARE_COMPLETION(never);
static DEFINE_MUTEX(lock);
static struct semaphore sem;
static struct task_struct *worker[9];

static int work(void *data)
{
	switch ((long)data) {
	case 0: wait_for_completion_interruptible(&never); break;
	case 1: if (down_interruptible(&sem)) ; break;
	case 2: if (mutex_lock_interruptible(&lock)) ; break;
	case 3: usleep_range(5000, 5100); break;
	case 4: wait_event_interruptible_timeout(wq, kthread_should_stop(), 60 * HZ); break;
	case 5: msleep_interruptible(60000); break;
	case 6: schedule_timeout_interruptible(60 * HZ); break;
	case 7: schedule_timeout_idle(HZ); break;
	case 8: set_current_state(TASK_INTERRUPTIBLE); schedule(); break;
	}
	while (!kthread_should_stop())
		usleep_range(5000, 5100);
	return 0;
}

static int __init start(void)
{
	long i;

	sema_init(&sem, 0);
	mutex_lock(&lock);
	for (i = 0; i < 9; i++)
		worker[i] = kthread_run(work, (void *)i, "sleeper/%ld", i);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 9; i++)
		pr_info("kthread_stop: %d\n", kthread_stop(worker[i]));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
