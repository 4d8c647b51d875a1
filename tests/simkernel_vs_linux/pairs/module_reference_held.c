/* Who holds a reference to a module keeps rmmod away. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("got it: %d\n", try_module_get(THIS_MODULE));
	return 0;
}

static void __exit stop(void)
{
	pr_info("never called\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
