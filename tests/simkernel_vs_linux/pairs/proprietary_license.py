# ruff: noqa: F821
"""A license that is not the GPL taints the kernel with a P."""


def start():
    printk("my own code\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("Proprietary")
