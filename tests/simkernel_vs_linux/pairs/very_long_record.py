# ruff: noqa: F821
"""A record holds so many bytes and not more; what is longer is cut."""


def start():
    printk(KERN_INFO + "%s|\n", "a" * 1200)
    printk(KERN_INFO + "%s|\n", "b" * 980)
    printk(KERN_INFO + "%s", "b" * 980)
    printk(KERN_CONT + "%s|\n", "b" * 980)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
