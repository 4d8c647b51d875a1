/* The ring buffer is full after some thousand records: the oldest are gone, the newest are all there. */
#include <linux/module.h>

static int __init start(void)
{
	int i;

	for (i = 0; i < 6000; i++)
		pr_info("record %d\n", i);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
