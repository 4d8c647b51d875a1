/* A kthread_worker is a kthread with a list of works; a work is pending once here too. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct kthread_worker *worker;

static void fn(struct kthread_work *work)
{
	pr_info("%s works\n", current->comm);
}
static DEFINE_KTHREAD_WORK(work, fn);

static int __init start(void)
{
	bool first, second;

	worker = kthread_create_worker(0, "server/%d", 1);
	preempt_disable();
	first = kthread_queue_work(worker, &work);
	second = kthread_queue_work(worker, &work);
	preempt_enable();
	kthread_flush_work(&work);
	pr_info("queued %d %d\n", first, second);
	pr_info("cancel: %d\n", kthread_cancel_work_sync(&work));
	preempt_disable();
	kthread_queue_work(worker, &work);
	preempt_enable();
	kthread_flush_worker(worker);
	pr_info("flushed\n");
	return 0;
}

static void __exit stop(void)
{
	kthread_queue_work(worker, &work);
	kthread_destroy_worker(worker);
	pr_info("destroyed\n");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
