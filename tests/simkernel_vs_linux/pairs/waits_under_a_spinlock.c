/* What else sleeps with a spinlock held: a mutex that is taken, a completion, a wait queue, schedule() itself. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static DECLARE_COMPLETION(done);
static DEFINE_MUTEX(mutex_held);
static struct semaphore sem;
static DEFINE_SPINLOCK(lock);

static int work(void *data)
{
	spin_lock(&lock);
	switch ((long)data) {
	case 0: mutex_lock(&mutex_held); mutex_unlock(&mutex_held); break;
	case 1: wait_for_completion(&done); break;
	case 2: wait_event(wq, kthread_should_stop()); break;
	case 3: set_current_state(TASK_INTERRUPTIBLE); schedule(); break;
	case 4: schedule(); break;
	case 5: down(&sem); break;
	case 6: pr_info("down %d\n", down_interruptible(&sem)); break;
	case 7: pr_info("wait %d\n", wait_for_completion_interruptible(&done)); break;
	case 8: pr_info("wait %lu\n", wait_for_completion_timeout(&done, 2)); break;
	case 9: pr_info("lock %d\n", mutex_lock_interruptible(&mutex_held)); break;
	case 10: msleep_interruptible(4); break;
	case 11: pr_info("down %d\n", down_timeout(&sem, 2)); break;
	}
	pr_info("%s went on\n", current->comm);
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	struct task_struct *worker;
	long i;

	sema_init(&sem, 0);
	mutex_lock(&mutex_held);
	for (i = 0; i < 12; i++) {
		spin_lock_init(&lock);
		worker = kthread_run(work, (void *)i, "sleeper/%ld", i);
		msleep(20);
		if (i == 0)
			mutex_unlock(&mutex_held);
		if (i == 1)
			complete(&done);
		if (i == 5)
			up(&sem);
		if (i == 8)
			mutex_lock(&mutex_held);
		kthread_stop(worker);
	}
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
