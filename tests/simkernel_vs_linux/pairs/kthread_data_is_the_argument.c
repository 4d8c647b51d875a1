/* kthread_data() and kthread_func() tell what a kthread was created with. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *worker;
static int number = 5;

static int work(void *data)
{
	pr_info("my data: %d\n", *(int *)data);
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, &number, "holder");
	msleep(10);
	pr_info("its data: %d\n", *(int *)kthread_data(worker));
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
