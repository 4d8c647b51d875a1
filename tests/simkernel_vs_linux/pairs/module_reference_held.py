# ruff: noqa: F821
"""Who holds a reference to a module keeps rmmod away."""


def start():
    pr_info("got it: %d\n", try_module_get(THIS_MODULE()))
    return 0


def stop():
    pr_info("never called\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
