/* While a queue is drained only its own works may queue more; who else tries is told off. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *wq;
static struct work_struct work, other;
static int ran;

static void chain(struct work_struct *work)
{
	if (++ran < 3)
		pr_info("from inside: %d\n", queue_work(wq, work));
	msleep(10);
}

static int noise(void *data)
{
	msleep(5);
	pr_info("from outside: %d\n", queue_work(wq, &other));
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	struct task_struct *worker;

	INIT_WORK(&work, chain);
	INIT_WORK(&other, chain);
	wq = alloc_workqueue("drained", WQ_UNBOUND, 0);
	worker = kthread_run(noise, NULL, "noise");
	queue_work(wq, &work);
	drain_workqueue(wq);
	pr_info("ran %d\n", ran);
	kthread_stop(worker);
	destroy_workqueue(wq);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
