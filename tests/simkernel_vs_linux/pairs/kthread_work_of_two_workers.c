/* A kthread_work belongs to the worker that it was queued on first: on another one it is told off. */
#include <linux/kthread.h>
#include <linux/module.h>

static void fn(struct kthread_work *work)
{
	pr_info("%s works\n", current->comm);
}

static struct kthread_worker *worker[2];
static DEFINE_KTHREAD_WORK(work, fn);

static int __init start(void)
{
	bool queued;

	worker[0] = kthread_create_worker(0, "one");
	worker[1] = kthread_create_worker(0, "two");
	kthread_queue_work(worker[0], &work);
	kthread_flush_worker(worker[0]);
	preempt_disable();
	queued = kthread_queue_work(worker[1], &work);
	preempt_enable();
	kthread_flush_worker(worker[1]);
	pr_info("queued %d\n", queued);
	return 0;
}

static void __exit stop(void)
{
	kthread_destroy_worker(worker[0]);
	kthread_destroy_worker(worker[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
