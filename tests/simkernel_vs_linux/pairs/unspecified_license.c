/* A module that names no license taints the kernel as a proprietary one does. */
#include <linux/module.h>

static int __init start(void)
{
	pr_info("loaded\n");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("Proprietary, do not copy");
