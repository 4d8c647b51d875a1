/* Long records fill the ring by their bytes, short ones by their number. */
#include <linux/module.h>

static int __init start(void)
{
	int i;

	for (i = 0; i < 1000; i++)
		pr_info("%d%400s\n", i, "");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
