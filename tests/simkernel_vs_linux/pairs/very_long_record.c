/* A record holds so many bytes and not more; what is longer is cut. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static char text[2000];

static int __init start(void)
{
	memset(text, 'a', 1200);
	printk(KERN_INFO "%s|\n", text);
	memset(text, 0, sizeof(text));
	memset(text, 'b', 980);
	printk(KERN_INFO "%s|\n", text);
	printk(KERN_INFO "%s", text);
	printk(KERN_CONT "%s|\n", text);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
