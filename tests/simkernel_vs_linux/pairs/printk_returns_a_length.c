/* printk() gives the number of characters stored: without the level, and without the last newline? */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	int plain = printk("hello\n");
	int level = printk(KERN_INFO "hello\n");
	int unfinished = printk(KERN_INFO "hello");
	int cont = printk(KERN_CONT " you\n");
	int empty = printk(KERN_INFO "\n");

	pr_info("%d %d %d %d %d\n", plain, level, unfinished, cont, empty);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
