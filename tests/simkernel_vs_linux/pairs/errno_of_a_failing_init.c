/* insmod gives the errno of an init that fails; nothing stays loaded. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("no device here\n");
	return -ENODEV;
}

static void __exit stop(void)
{
	pr_info("never called\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
