/* wake_up_process(NULL) is an oops in insmod: the process dies, the system lives on. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;

static int __init start(void)
{
	pr_info("about to\n");
	wake_up_process(worker);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
