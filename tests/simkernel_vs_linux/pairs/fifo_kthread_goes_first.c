/* A real-time kthread that is woken runs at once; one of the usual class waits until it is done. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker[2];

static int work(void *data)
{
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	pr_info("%s runs\n", current->comm);
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}

static int __init start(void)
{
	worker[0] = kthread_run(work, NULL, "usual");
	worker[1] = kthread_run(work, NULL, "fifo");
	sched_set_fifo(worker[1]);
	msleep(20);
	preempt_disable();
	wake_up_process(worker[0]);
	wake_up_process(worker[1]);
	pr_info("both woken\n");
	preempt_enable();
	msleep(20);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker[0]);
	kthread_stop(worker[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
