/* A call trace in a work names the queue and the function, and the kworker's own frames. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *wq;

static void fn(struct work_struct *work)
{
	dump_stack();
	pr_info("shown\n");
}

static DECLARE_WORK(work, fn);
static DECLARE_DELAYED_WORK(later, fn);

static int __init start(void)
{
	wq = alloc_workqueue("shown", 0, 0);
	queue_work(wq, &work);
	flush_work(&work);
	queue_delayed_work(wq, &later, 2);
	msleep(30);
	destroy_workqueue(wq);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
