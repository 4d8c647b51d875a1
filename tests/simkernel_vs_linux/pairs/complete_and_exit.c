/* kthread_complete_and_exit() ends a kthread for good: whoever waits is told, nothing is left behind. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static DECLARE_COMPLETION(done);

static int work(void *data)
{
	pr_info("leaving\n");
	kthread_complete_and_exit(&done, 0);
	return 0;
}

static int __init start(void)
{
	kthread_run(work, NULL, "leaver");
	return 0;
}

static void __exit stop(void)
{
	wait_for_completion(&done);
	pr_info("it has left\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
