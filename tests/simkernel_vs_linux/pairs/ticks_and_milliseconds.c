/* HZ is 250: milliseconds become whole ticks, rounded up, and ticks milliseconds. */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched.h>

static int __init start(void)
{
	static const int some[] = { 0, 1, 4, 5, 1000, 1001 };
	unsigned long begin;
	int i;

	pr_info("HZ %d\n", HZ);
	for (i = 0; i < ARRAY_SIZE(some); i++)
		pr_info("%d ms: %lu ticks\n", some[i], msecs_to_jiffies(some[i]));
	pr_info("%u %u %u\n", jiffies_to_msecs(0), jiffies_to_msecs(1), jiffies_to_msecs(251));
	begin = jiffies;
	msleep(4);
	pr_info("msleep(4): %d\n", jiffies - begin >= 2);
	pr_info("no state: %ld\n", schedule_timeout(0));
	pr_info("idle: %ld\n", schedule_timeout_idle(2));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
