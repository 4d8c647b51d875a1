/* /proc/PID/status of a kthread, but for its numbers and the processor's flaws. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/umh.h>

static struct task_struct *worker;

static int work(void *data)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static char *script = "while read -r line; do case \"$line\" in Tgid*|Pid*|NStgid*|NSpid*|SigQ*|Speculation*) ;; "
	"*) echo \"<14>$line\" > /dev/kmsg;; esac; done < /proc/$0/status";

static int __init start(void)
{
	char pid[16];
	char *argv[] = { "/bin/sh", "-c", script, pid, NULL };
	char *envp[] = { "PATH=/bin", NULL };

	worker = kthread_run(work, NULL, "a (name) of more than 15");
	set_user_nice(worker, 3);
	msleep(10);
	snprintf(pid, sizeof(pid), "%d", worker->pid);
	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
