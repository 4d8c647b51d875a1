/* printk_once() speaks once; printk_ratelimited() ten times in five seconds. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static void say(int i)
{
	printk_once(KERN_INFO "once, at %d\n", i);
	printk_ratelimited(KERN_NOTICE "limited %d\n", i);
}

static int __init start(void)
{
	int i;

	for (i = 0; i < 14; i++)
		say(i);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
