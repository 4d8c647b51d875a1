/* usleep_range() sleeps too, however short: scheduling while atomic, by another way. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init start(void)
{
	spin_lock(&lock);
	usleep_range(50, 60);
	spin_unlock(&lock);
	pr_info("went on\n");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
