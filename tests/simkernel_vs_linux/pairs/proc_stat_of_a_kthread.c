/* /proc/PID/stat of two kthreads, without the numbers of a boot (pid, start time), and the empty files. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/umh.h>

static struct task_struct *worker[2];

static int work(void *data)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static char *script = "for pid in $0 $1; do read -r line < /proc/$pid/stat; set -- ${line##*) }; "
	"a=\"$1 $2 $3 $4 $5 $6 $7 $8 $9 ${10} ${11} ${12} ${13} ${14} ${15} ${16} ${17} ${18} ${19} start\"; shift 20; "
	"echo \"<14>$a $*\" > /dev/kmsg; read -r line < /proc/$pid/comm; echo \"<14>comm $line\" > /dev/kmsg; "
	"cmdline=$(cat /proc/$pid/cmdline); echo \"<14>cmdline ${#cmdline}\" > /dev/kmsg; "
	"read -r line < /proc/$pid/wchan; echo \"<14>wchan $line\" > /dev/kmsg; done";

static int __init start(void)
{
	char pid[2][16];
	char *argv[] = { "/bin/sh", "-c", script, pid[0], pid[1], NULL };
	char *envp[] = { "PATH=/bin", NULL };

	worker[0] = kthread_run(work, NULL, "plain");
	worker[1] = kthread_run(work, NULL, "with) a space");
	sched_set_fifo(worker[1]);
	set_user_nice(worker[0], -5);
	msleep(10);
	snprintf(pid[0], sizeof(pid[0]), "%d", worker[0]->pid);
	snprintf(pid[1], sizeof(pid[1]), "%d", worker[1]->pid);
	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static void __exit stop(void)
{
	kthread_stop(worker[0]);
	kthread_stop(worker[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
