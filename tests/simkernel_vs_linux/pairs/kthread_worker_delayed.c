/* A delayed kthread_work: pending while its timer runs, and taken back with it. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static void fn(struct kthread_work *work)
{
	pr_info("%s works\n", current->comm);
}

static struct kthread_worker *worker;
static DEFINE_KTHREAD_DELAYED_WORK(work, fn);

static int __init start(void)
{
	worker = kthread_create_worker(0, "slow_server");
	pr_info("queue %d\n", kthread_queue_delayed_work(worker, &work, 5));
	pr_info("again %d\n", kthread_queue_delayed_work(worker, &work, 5));
	msleep(50);
	pr_info("queue %d\n", kthread_queue_delayed_work(worker, &work, HZ));
	pr_info("cancel %d\n", kthread_cancel_delayed_work_sync(&work));
	pr_info("cancel %d\n", kthread_cancel_delayed_work_sync(&work));
	return 0;
}

static void __exit stop(void)
{
	kthread_destroy_worker(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
