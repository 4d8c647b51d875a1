/* A module with init and no exit cannot be unloaded. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("here to stay\n");
	return 0;
}

module_init(start);
MODULE_LICENSE("GPL");
