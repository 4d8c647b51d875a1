/* A parked kthread is in P; unparked it goes on after kthread_parkme(), with what it had. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;
static int n;

static int work(void *data)
{
	n = 3;
	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			pr_info("parking, n=%d\n", n);
			kthread_parkme();
			pr_info("unparked, n=%d\n", n);
		}
		msleep(10);
	}
	return n;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "parker");
	msleep(30);
	pr_info("kthread_park: %d\n", kthread_park(worker));
	pr_info("state %#x\n", READ_ONCE(worker->__state));
	return 0;
}

static void __exit stop(void)
{
	kthread_unpark(worker);
	msleep(50);
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
