/* khungtaskd reports who has slept uninterruptibly for too long, with the whole stack. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/umh.h>
#include <linux/wait.h>

static DEFINE_MUTEX(lock);
static DECLARE_WAIT_QUEUE_HEAD(wq);
static DECLARE_COMPLETION(done);
static bool free;
static struct task_struct *worker[5];

static void shell(char *script)
{
	char *argv[] = { "/bin/sh", "-c", script, NULL };
	char *envp[] = { "PATH=/bin", NULL };

	call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static int work(void *data)
{
	switch ((long)data) {
	case 0: mutex_lock(&lock); mutex_unlock(&lock); break;
	case 1: wait_event(wq, READ_ONCE(free)); break;
	case 2: wait_for_completion(&done); break;
	case 3: if (wait_event_killable(wq, READ_ONCE(free))) ; break;
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	long i;

	msleep(2100);
	mutex_lock(&lock);
	for (i = 0; i < 4; i++)
		worker[i] = kthread_run(work, (void *)i, "hangs/%ld", i);
	worker[4] = kthread_create(work, (void *)5, "never_woken");
	shell("echo 2 > /proc/sys/kernel/hung_task_timeout_secs");
	schedule_timeout_interruptible(13 * HZ / 2);
	shell("echo 0 > /proc/sys/kernel/hung_task_timeout_secs");
	mutex_unlock(&lock);
	WRITE_ONCE(free, true);
	wake_up_all(&wq);
	complete(&done);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 5; i++)
		kthread_stop(worker[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
