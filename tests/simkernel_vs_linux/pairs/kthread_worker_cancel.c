/* Cancelling a kthread_work: one that is queued does not run, one that runs is waited for. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static void slow(struct kthread_work *work)
{
	pr_info("slow begins\n");
	msleep(20);
	pr_info("slow ends\n");
}

static void quick(struct kthread_work *work)
{
	pr_info("quick\n");
}

static DEFINE_KTHREAD_WORK(first, slow);
static DEFINE_KTHREAD_WORK(second, quick);

static int __init start(void)
{
	struct kthread_worker *worker = kthread_create_worker(0, "server");

	kthread_queue_work(worker, &first);
	msleep(5);
	pr_info("queued %d\n", kthread_queue_work(worker, &second));
	pr_info("cancel queued: %d\n", kthread_cancel_work_sync(&second));
	pr_info("cancel running: %d\n", kthread_cancel_work_sync(&first));
	pr_info("cancel done: %d\n", kthread_cancel_work_sync(&first));
	kthread_destroy_worker(worker);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
