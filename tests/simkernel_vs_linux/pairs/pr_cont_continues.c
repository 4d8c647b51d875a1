/* pr_cont() goes on with the unfinished record; after a newline it begins one of its own. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("one");
	pr_cont(" two");
	pr_cont(" three\n");
	pr_cont("after a newline\n");
	pr_err("error:");
	pr_cont(" keeps the level\n");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
