/* kthread_stop(current) waits for its own end, for ever: in D. */
#include <linux/kthread.h>
#include <linux/module.h>

static int work(void *data)
{
	pr_info("about to\n");
	return kthread_stop(current) + 1;
}

static int __init start(void)
{
	kthread_run(work, NULL, "ouroboros");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
