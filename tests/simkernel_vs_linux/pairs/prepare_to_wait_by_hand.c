/* The loop inside wait_event(), written out: state, test, sleep, and running again at the end. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static int gate;
static struct task_struct *worker;

static int work(void *data)
{
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&wq, &wait, TASK_UNINTERRUPTIBLE);
		if (gate)
			break;
		schedule();
		pr_info("awake in state %#x\n", READ_ONCE(current->__state));
	}
	finish_wait(&wq, &wait);
	pr_info("through in state %#x\n", READ_ONCE(current->__state));
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "by_hand");
	msleep(20);
	wake_up(&wq);
	msleep(20);
	gate = 1;
	wake_up(&wq);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
