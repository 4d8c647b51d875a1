# ruff: noqa: F821
"""printk() gives the number of characters stored: without the level, and without the last newline?"""


def start():
    plain = printk("hello\n")
    level = printk(KERN_INFO + "hello\n")
    unfinished = printk(KERN_INFO + "hello")
    cont = printk(KERN_CONT + " you\n")
    empty = printk(KERN_INFO + "\n")
    pr_info("%d %d %d %d %d\n", plain, level, unfinished, cont, empty)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
