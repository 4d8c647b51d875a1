/* panic() stops the whole machine. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int work(void *data)
{
	panic("no way %s", "out");
	return 0;
}

static int __init start(void)
{
	pr_info("loaded\n");
	kthread_run(work, NULL, "doomed");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
