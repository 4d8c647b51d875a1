/* A panic in exit: rmmod never comes back, and nobody is left to ask. */
#include <linux/kernel.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("loaded\n");
	return 0;
}

static void __exit stop(void)
{
	panic("at the %s", "end");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
