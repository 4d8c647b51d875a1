/* What one queue holds is begun in the order of queueing, on a bound and on an unbound one with one place. */
#include <linux/module.h>
#include <linux/workqueue.h>

static struct work_struct works[4];

static void fn(struct work_struct *work)
{
	pr_info("work %ld\n", (long)(work - works));
}

static int __init start(void)
{
	static const int order[] = { 2, 0, 3, 1 }, flags[] = { 0, WQ_UNBOUND };
	struct workqueue_struct *wq;
	int i, k;

	for (i = 0; i < 4; i++)
		INIT_WORK(&works[i], fn);
	for (k = 0; k < 2; k++) {
		wq = alloc_workqueue("order", flags[k], 1);
		for (i = 0; i < 4; i++)
			queue_work(wq, &works[order[i]]);
		flush_workqueue(wq);
		pr_info("flushed\n");
		destroy_workqueue(wq);
	}
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
