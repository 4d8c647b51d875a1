/* A newline in the middle stays in the record; of several at the end only one goes. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("first\nsecond\n  third\n");
	pr_info("two at the end\n\n");
	pr_info("\n");
	pr_info("");
	pr_info("\nbefore\n");
	pr_info("done\n");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
