/* A kthread_worker does its works in order; a flush of one does not wait for those behind it. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct kthread_work works[3];

static void fn(struct kthread_work *work)
{
	msleep(5);
	pr_info("work %ld\n", (long)(work - works));
}

static int __init start(void)
{
	struct kthread_worker *worker = kthread_create_worker(0, "server");
	int i;

	for (i = 0; i < 3; i++)
		kthread_init_work(&works[i], fn);
	for (i = 0; i < 3; i++)
		kthread_queue_work(worker, &works[i]);
	kthread_flush_work(&works[1]);
	pr_info("flushed the second\n");
	kthread_flush_worker(worker);
	pr_info("flushed all\n");
	kthread_flush_work(&works[0]);
	kthread_destroy_worker(worker);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
