/* init runs as insmod, exit as rmmod: user processes with an address space, no kthreads. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static void who(const char *what)
{
	pr_info("%s runs in %s, kthread %d\n", what, current->comm, !!(current->flags & PF_KTHREAD));
	pr_info("mm is active_mm: %d\n", current->mm && current->mm == current->active_mm);
	pr_info("parent pid %d\n", current->real_parent->pid);
}

static int __init start(void)
{
	who("init");
	return 0;
}

static void __exit stop(void)
{
	who("exit");
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
