/* Who tests first and says afterwards that it sleeps can miss the wake-up, and sleeps on. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static bool ready;
static struct task_struct *worker;

static int work(void *data)
{
	if (!READ_ONCE(ready)) {
		msleep(20);
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	pr_info("awake, to stop %d\n", kthread_should_stop());
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "sleeper");
	msleep(10);
	WRITE_ONCE(ready, true);
	pr_info("woke %d\n", wake_up_process(worker));
	msleep(50);
	pr_info("state %u\n", READ_ONCE(worker->__state));
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
