/* destroy_workqueue() does what is queued before the queue goes. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *wq;

static void fn(struct work_struct *work)
{
	msleep(10);
	pr_info("done\n");
}
static DECLARE_WORK(first, fn);
static DECLARE_WORK(second, fn);

static int __init start(void)
{
	wq = alloc_workqueue("going", WQ_UNBOUND, 1);
	queue_work(wq, &first);
	queue_work(wq, &second);
	destroy_workqueue(wq);
	pr_info("destroyed\n");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
