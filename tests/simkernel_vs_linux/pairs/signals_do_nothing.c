/* A kthread ignores signals: SIGKILL and SIGSTOP are taken without an error, and nothing happens. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

static struct task_struct *worker;

static int work(void *data)
{
	int n = 0;

	while (!kthread_should_stop()) {
		if (signal_pending(current))
			pr_info("signalled\n");
		msleep_interruptible(10);
		n++;
	}
	return n > 3;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "immortal");
	msleep(20);
	pr_info("kill -9: %d\n", send_sig(SIGKILL, worker, 1));
	pr_info("kill -STOP: %d\n", send_sig(SIGSTOP, worker, 1));
	pr_info("kill -TERM: %d\n", send_sig(SIGTERM, worker, 0));
	return 0;
}

static void __exit stop(void)
{
	pr_info("still there: %d\n", kthread_stop(worker));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
