/* A kthread may ask itself to park: kthread_park() does not wait, and the next kthread_parkme() parks. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	pr_info("park: %d\n", kthread_park(current));
	pr_info("should park %d\n", kthread_should_park());
	kthread_parkme();
	pr_info("unparked, should park %d\n", kthread_should_park());
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "selfish");
	msleep(30);
	pr_info("state %#x\n", READ_ONCE(worker->__state));
	pr_info("wakes: %d\n", wake_up_process(worker));
	pr_info("state %#x\n", READ_ONCE(worker->__state));
	kthread_unpark(worker);
	msleep(30);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
