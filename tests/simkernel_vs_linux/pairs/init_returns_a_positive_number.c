/* An init that returns 7 is told off, and the module is loaded all the same. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	return 7;
}

static void __exit stop(void)
{
	pr_info("unloaded\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
