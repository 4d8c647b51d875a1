/* kthread_stop(NULL) is an oops, too: it begins with a write, to count a reference. */
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int __init start(void)
{
	pr_info("about to\n");
	kthread_stop(worker);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
