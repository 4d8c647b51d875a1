/* How much of the stack lies above threadfn's own frame, and how much a kthread has at all. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>

static int work(void *data)
{
	char *top = (char *)task_stack_page(current) + THREAD_SIZE;

	pr_info("stack of %lu bytes, %ld above me\n", THREAD_SIZE, top - (char *)__builtin_dwarf_cfa());
	return 0;
}

static int __init start(void)
{
	kthread_run(work, NULL, "meter");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
