/* A mutex is not recursive: who locks it twice waits for itself, in D, for ever. */
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(lock);

static int __init start(void)
{
	mutex_lock(&lock);
	pr_info("once\n");
	mutex_lock(&lock);
	pr_info("twice\n");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
