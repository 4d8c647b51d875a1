/* Where the kernel's printf is its own: zeros with # and with a precision, pointers, errnos without a name. */
#include <linux/err.h>
#include <linux/module.h>

static int thing = 5;

static int __init start(void)
{
	void *nothing = NULL;

	pr_info("[%#x] [%#o] [%#X] [%#5x] [%.0d] [%#.3x] [%#5o]\n", 0, 0, 0, 0, 0, 0, 8);
	pr_info("[%#10x] [%-#10x] [%#.4x] [%#08X]\n", 255, 255, 255, 255);
	pr_info("[%pe] [%pe] [%pe] [%20pe]\n", ERR_PTR(-35), ERR_PTR(-512), ERR_PTR(-4000), ERR_PTR(-5));
	pr_info("[%p] [%p] [%p] [%px] [%20p]\n", nothing, &thing, ERR_PTR(-12), nothing, nothing);
	pr_info("[%s] [%.5s] [%3s]\n", (char *)ERR_PTR(-12), (char *)nothing, (char *)nothing);
	pr_info("[% d] [% d] [%+5d] [%-+5d]\n", 4, -4, 4, 4);
	pr_info("[%.3x] [%8.3o] [%-8.3d] [%08d] [%*d]\n", 4, 4, 4, -4, -6, 7);
	pr_info("[%5c] [%-5c]\n", 'a', 'b');
	pr_info("[%hhu] [%hhx] [%hu] [%zd] [%llu]\n", (unsigned char)300, (unsigned char)-1, (unsigned short)70000, -1L, -1ULL);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
