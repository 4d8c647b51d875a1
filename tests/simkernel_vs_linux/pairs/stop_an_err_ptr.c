/* kthread_stop() of an ERR_PTR() is an oops: here in exit, so rmmod dies and the module stays for ever. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int __init start(void)
{
	worker = ERR_PTR(-ENOMEM);
	return 0;
}

static void __exit stop(void)
{
	pr_info("about to\n");
	pr_info("stopped: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
