/* An init that sleeps for ever: insmod does not come back, and nobody can unload the module. */
#include <linux/delay.h>
#include <linux/module.h>

static int __init start(void)
{
	pr_info("asleep\n");
	for (;;)
		msleep(1000);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
