/* An ordered workqueue does one work at a time, in the order of queueing, even if one sleeps. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *wq;

static void slow(struct work_struct *work)
{
	pr_info("slow begins\n");
	msleep(20);
	pr_info("slow ends\n");
}

static void quick(struct work_struct *work)
{
	pr_info("quick\n");
}
static DECLARE_WORK(first, slow);
static DECLARE_WORK(second, quick);
static DECLARE_WORK(third, slow);

static int __init start(void)
{
	wq = alloc_ordered_workqueue("in_order", 0);
	queue_work(wq, &first);
	queue_work(wq, &second);
	queue_work(wq, &third);
	flush_workqueue(wq);
	pr_info("flushed\n");
	return 0;
}

static void __exit stop(void)
{
	destroy_workqueue(wq);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
