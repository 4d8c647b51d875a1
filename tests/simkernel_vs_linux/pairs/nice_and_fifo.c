/* Priorities: nice 5 is 125, nice -20 is 100, sched_set_fifo() is 49. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker[3];

static int work(void *data)
{
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker[0] = kthread_run(work, NULL, "nice");
	worker[1] = kthread_run(work, NULL, "eager");
	worker[2] = kthread_run(work, NULL, "fifo");
	set_user_nice(worker[0], 5);
	set_user_nice(worker[1], -30);
	set_user_nice(worker[1], -20);
	sched_set_fifo(worker[2]);
	pr_info("%d %d %d\n", worker[0]->prio, worker[1]->prio, worker[2]->prio);
	pr_info("policy %u %u\n", worker[0]->policy, worker[2]->policy);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 3; i++)
		kthread_stop(worker[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
