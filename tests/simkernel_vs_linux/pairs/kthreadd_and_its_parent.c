/* The parent of every kthread is kthreadd, pid 2; its parent has pid 0. Neither has an address space. */
#include <linux/kthread.h>
#include <linux/module.h>

static int never(void *data)
{
	return 0;
}

static int __init start(void)
{
	struct task_struct *me = kthread_create(never, NULL, "child"), *parent = me->real_parent;

	pr_info("%s %d, flags %#x, mm %d\n", parent->comm, parent->pid, parent->flags, !!parent->mm);
	parent = parent->real_parent;
	pr_info("%s %d, flags %#x, mm %d\n", parent->comm, parent->pid, parent->flags & PF_KTHREAD, !!parent->mm);
	pr_info("its own parent: %d\n", parent->real_parent == parent);
	kthread_stop(me);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
