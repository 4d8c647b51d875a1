/* down_trylock() is 0 when it got one; down_timeout() gives -ETIME, a stop -EINTR. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/semaphore.h>

static struct semaphore sem;
static struct task_struct *worker;

static int work(void *data)
{
	int rc = down_interruptible(&sem);

	pr_info("ended with %d\n", rc);
	return rc;
}

static int __init start(void)
{
	sema_init(&sem, 2);
	pr_info("try %d\n", down_trylock(&sem));
	down(&sem);
	pr_info("try %d\n", down_trylock(&sem));
	pr_info("timeout %d\n", down_timeout(&sem, 3));
	up(&sem);
	pr_info("interruptible %d\n", down_interruptible(&sem));
	worker = kthread_run(work, NULL, "thirsty");
	return 0;
}

static void __exit stop(void)
{
	pr_info("kthread_stop: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
