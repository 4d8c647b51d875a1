/* Who does a work: a kworker of the CPU's pool, of its urgent pool (H), or of an unbound pool (u). */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static void fn(struct work_struct *work)
{
	char name[TASK_COMM_LEN];
	char *colon;

	strscpy(name, current->comm, sizeof(name));
	colon = strchr(name, ':');
	pr_info("%.*s, H %d\n", (int)(colon - name), name, strchr(colon, 'H') != NULL);
	pr_info("flags %#x prio %d\n", current->flags & ~PF_MEMALLOC, current->prio);
	pr_info("parent %d, mm %d\n", current->real_parent->pid, current->mm != NULL);
}
static DECLARE_WORK(work, fn);

static int __init start(void)
{
	queue_work(system_wq, &work);
	flush_work(&work);
	queue_work(system_highpri_wq, &work);
	flush_work(&work);
	queue_work(system_unbound_wq, &work);
	flush_work(&work);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
