/* kthread_parkme() in init: the same, from another place. */
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("about to\n");
	kthread_parkme();
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
