/* An init that returns with a spinlock held: the kernel says so, and switches preemption on again. */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init start(void)
{
	spin_lock(&lock);
	return 0;
}

static void __exit stop(void)
{
	pr_info("trylock %d\n", spin_trylock(&lock));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
