/* A name may hold spaces, brackets, a percent sign and letters of two bytes. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker[4];

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker[0] = kthread_run(work, NULL, "a) b (c");
	worker[1] = kthread_run(work, NULL, "100%%");
	worker[2] = kthread_run(work, NULL, "w\303\266rker");
	worker[3] = kthread_run(work, NULL, "%s-%03d", "pool", 7);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 4; i++)
		kthread_stop(worker[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
