/* The kernel's printf: widths, signs, wrapping, NULL, errno names, and numbers that are too big. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int __init start(void)
{
	char *nothing = NULL;

	pr_info("[%5d] [%-5d] [%05d] [%+d]\n", 42, 42, 42, 42);
	pr_info("[%x] [%X] [%#x] [%o] [%#010x]\n", 255, 255, 255, 8, 255);
	pr_info("[%u] [%d] [%hhd] [%hd]\n", -1, INT_MIN, 300, 70000);
	pr_info("[%lu] [%lld]\n", -1UL, -1LL);
	pr_info("[%s] [%10s] [%-10s] [%.2s]\n", "abc", "abc", "abc", "abc");
	pr_info("[%s] [%c] [%%] [%*d]\n", nothing, 'x', 6, 7);
	pr_info("[%pe] [%pe]\n", ERR_PTR(-ENOMEM), ERR_PTR(-EBUSY));
	pr_info("[%zu] [%i] [%5.3d]\n", sizeof(int), 7, 7);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
