# ruff: noqa: F821
"""The kernel's printf: widths, signs, wrapping, NULL, errno names, and numbers that are too big."""


def start():
    nothing = None
    pr_info("[%5d] [%-5d] [%05d] [%+d]\n", 42, 42, 42, 42)
    pr_info("[%x] [%X] [%#x] [%o] [%#010x]\n", 255, 255, 255, 8, 255)
    pr_info("[%u] [%d] [%hhd] [%hd]\n", -1, -2147483648, 300, 70000)
    pr_info("[%lu] [%lld]\n", -1, -1)
    pr_info("[%s] [%10s] [%-10s] [%.2s]\n", "abc", "abc", "abc", "abc")
    pr_info("[%s] [%c] [%%] [%*d]\n", nothing, "x", 6, 7)
    pr_info("[%pe] [%pe]\n", ERR_PTR(-ENOMEM), ERR_PTR(-EBUSY))
    pr_info("[%zu] [%i] [%5.3d]\n", 4, 7, 7)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
