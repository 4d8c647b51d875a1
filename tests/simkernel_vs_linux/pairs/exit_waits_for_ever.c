/* An exit that waits for what never comes: rmmod hangs in D. */
#include <linux/completion.h>
#include <linux/module.h>

static DECLARE_COMPLETION(never);

static int __init start(void)
{
	return 0;
}

static void __exit stop(void)
{
	pr_info("leaving\n");
	wait_for_completion(&never);
	pr_info("left\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
