/* Two kthreads that begin at the same time and wait to be stopped: most races need no more. */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
MODULE_LICENSE("GPL");

static struct task_struct *pair[2];

static inline int until_stop(void)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static inline int start_pair(int (*one)(void *), int (*two)(void *))
{
	pair[0] = kthread_create(one, (void *)0, "one");
	pair[1] = kthread_create(two, (void *)1, "two");
	wake_up_process(pair[0]);
	wake_up_process(pair[1]);
	return 0;
}

static inline void stop_pair(void)
{
	kthread_stop(pair[0]);
	kthread_stop(pair[1]);
}
