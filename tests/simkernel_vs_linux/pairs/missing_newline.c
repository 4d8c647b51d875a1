/* Two texts without a newline between them are two records all the same. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("no newline");
	pr_info("next\n");
	printk("x");
	printk("y\n");
	pr_info("last, never ended");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
