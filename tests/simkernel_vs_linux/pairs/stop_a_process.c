/* kthread_stop() of a task that is no kthread: a warning and then an oops. */
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("about to\n");
	pr_info("stopped: %d\n", kthread_stop(current));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
