/* kthread_should_stop() in init: insmod is no kthread, which is a warning and then an oops. */
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("about to\n");
	pr_info("stop: %d\n", kthread_should_stop());
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
