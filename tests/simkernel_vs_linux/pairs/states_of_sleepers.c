/* The letter of each kind of sleep: S, D, I and a killable D. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static struct task_struct *worker[4];

static int work(void *data)
{
	switch ((long)data) {
	case 0: return wait_event_interruptible(wq, kthread_should_stop());
	case 1: wait_event(wq, kthread_should_stop()); break;
	case 2: wait_event_idle(wq, kthread_should_stop()); break;
	case 3: return wait_event_killable(wq, kthread_should_stop());
	}
	return 0;
}

static int __init start(void)
{
	long i;

	for (i = 0; i < 4; i++)
		worker[i] = kthread_run(work, (void *)i, "sleeper/%ld", i);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 4; i++)
		pr_info("state %#x\n", READ_ONCE(worker[i]->__state));
	for (i = 0; i < 4; i++)
		pr_info("kthread_stop: %d\n", kthread_stop(worker[i]));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
