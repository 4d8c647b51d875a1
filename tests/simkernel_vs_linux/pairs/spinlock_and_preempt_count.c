/* Each spinlock and each preempt_disable() counts one; spin_trylock() fails while it is held. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init start(void)
{
	int outside = preempt_count(), inside, nested, got, again;

	spin_lock(&lock);
	inside = preempt_count();
	preempt_disable();
	nested = preempt_count();
	got = spin_trylock(&lock);
	preempt_enable();
	spin_unlock(&lock);
	again = spin_trylock(&lock);
	spin_unlock(&lock);
	pr_info("count %d %d %d %d\n", outside, inside, nested, preempt_count());
	pr_info("trylock %d %d\n", got, again);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
