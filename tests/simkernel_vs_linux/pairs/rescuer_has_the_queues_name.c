/* WQ_MEM_RECLAIM makes a kthread with the name of the queue: idle, and as urgent as nice can be. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *wq;

static int __init start(void)
{
	wq = alloc_workqueue("lifeguard/%d", WQ_MEM_RECLAIM, 0, 3);
	return 0;
}

static void __exit stop(void)
{
	destroy_workqueue(wq);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
