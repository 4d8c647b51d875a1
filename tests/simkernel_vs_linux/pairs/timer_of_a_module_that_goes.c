/* A timer that is still set when its module goes: the interrupt calls into nothing, and the machine stops. */
#include <linux/module.h>
#include <linux/timer.h>

static void fire(struct timer_list *timer)
{
	pr_info("never said\n");
}

static DEFINE_TIMER(timer, fire);

static int __init start(void)
{
	return 0;
}

static void __exit stop(void)
{
	mod_timer(&timer, jiffies + 8);
	pr_info("unloading\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
