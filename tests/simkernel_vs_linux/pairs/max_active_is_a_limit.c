/* A queue begins as many works as its max_active says; the others wait until one is done. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static atomic_t active = ATOMIC_INIT(0);
static int most;
static struct work_struct work[4];

static void fn(struct work_struct *work)
{
	most = max(most, atomic_inc_return(&active));
	msleep(10);
	atomic_dec(&active);
}

static int __init start(void)
{
	struct workqueue_struct *wq;
	int limit, i;

	for (i = 0; i < 4; i++)
		INIT_WORK(&work[i], fn);
	for (limit = 1; limit < 5; limit++) {
		wq = alloc_workqueue("few", WQ_UNBOUND, limit);
		most = 0;
		for (i = 0; i < 4; i++)
			queue_work(wq, &work[i]);
		flush_workqueue(wq);
		pr_info("max_active %d: %d at a time\n", limit, most);
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
