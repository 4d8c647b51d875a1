/* With a reference of its own, given back in kthread_complete_and_exit(), a kthread keeps its module: rmmod refuses. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static DECLARE_COMPLETION(done);

static int work(void *data)
{
	pr_info("got %d\n", try_module_get(THIS_MODULE));
	msleep(300);
	module_put(THIS_MODULE);
	kthread_complete_and_exit(&done, 0);
}

static int __init start(void)
{
	kthread_run(work, NULL, "holder");
	msleep(20);
	return 0;
}

static void __exit stop(void)
{
	wait_for_completion(&done);
	pr_info("stopped\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
