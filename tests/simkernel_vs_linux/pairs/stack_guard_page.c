/* A recursion of 528 bytes a call comes to depth 30; the next call hits the guard page, and the machine stops. */
#include <linux/kthread.h>
#include <linux/module.h>

static noinline int rec(int depth)
{
	volatile char locals[512];

	locals[0] = depth;
	return depth < 1000 ? rec(depth + 1) + locals[0] : depth;
}

static int eater(void *data)
{
	return rec(1) + 1;
}

static int __init start(void)
{
	kthread_run(eater, NULL, "eater");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
