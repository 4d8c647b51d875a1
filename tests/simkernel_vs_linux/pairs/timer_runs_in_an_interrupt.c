/* A timer's function runs in an interrupt, in the time of whoever was there: here the idle task. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static DEFINE_SPINLOCK(lock);

static void fire(struct timer_list *timer)
{
	pr_info("in %.7s, atomic %d\n", current->comm, preempt_count() != 0);
	pr_info("trylock %d\n", spin_trylock(&lock));
	spin_unlock(&lock);
}

static DEFINE_TIMER(timer, fire);

static int __init start(void)
{
	mod_timer(&timer, jiffies + 2);
	msleep(30);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
