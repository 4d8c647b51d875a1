/* schedule_timeout() in TASK_RUNNING does not sleep: no state was set. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	unsigned long begin = jiffies;
	long left;

	left = schedule_timeout(2 * HZ);
	pr_info("slept: %d, all left: %d\n", jiffies - begin > HZ, left > HZ);
	set_current_state(TASK_UNINTERRUPTIBLE);
	left = schedule_timeout(3);
	pr_info("left %ld, state %#x\n", left, READ_ONCE(current->__state));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
