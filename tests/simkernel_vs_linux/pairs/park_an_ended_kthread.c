/* Parking a kthread that has ended warns and gives -ENOSYS. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static struct task_struct *worker;

static int work(void *data)
{
	return 0;
}

static int __init start(void)
{
	worker = kthread_create(work, NULL, "ended");
	get_task_struct(worker);
	wake_up_process(worker);
	msleep(30);
	pr_info("kthread_park: %d\n", kthread_park(worker));
	return 0;
}

static void __exit stop(void)
{
	put_task_struct(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
