/* kthread_unpark() of one that runs does nothing; parked before its first wake-up and stopped, it never calls threadfn. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int work(void *data)
{
	int n = 0;

	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		n++;
		msleep(10);
	}
	pr_info("%s worked %d\n", current->comm, n > 0);
	return 5;
}

static int __init start(void)
{
	struct task_struct *asleep;

	worker = kthread_run(work, NULL, "runner");
	kthread_unpark(worker);
	kthread_unpark(worker);
	asleep = kthread_create(work, NULL, "asleep");
	pr_info("park: %d\n", kthread_park(asleep));
	pr_info("state %#x\n", READ_ONCE(asleep->__state));
	pr_info("kthread_stop: %d\n", kthread_stop(asleep));
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
