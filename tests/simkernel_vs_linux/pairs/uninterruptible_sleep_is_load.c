/* A kthread that was never woken counts as load, and so does insmod that sleeps; an idle one (I) does not. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/loadavg.h>

static struct task_struct *worker;

static int idle(void *data)
{
	while (!kthread_should_stop())
		schedule_timeout_idle(HZ);
	return 0;
}

static int __init start(void)
{
	struct task_struct *never;
	unsigned long load;

	worker = kthread_run(idle, NULL, "idle");
	never = kthread_create(idle, NULL, "never");
	schedule_timeout_interruptible(5 * (5 * HZ + 1));
	load = avenrun[0] + FIXED_1 / 200;
	pr_info("load %lu.%02lu\n", LOAD_INT(load), LOAD_FRAC(load));
	pr_info("kthread_stop: %d\n", kthread_stop(never));
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
