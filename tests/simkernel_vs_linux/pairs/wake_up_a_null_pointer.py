# ruff: noqa: F821
"""wake_up_process(NULL) is an oops in insmod: the process dies, the system lives on."""

worker = None


def start():
    pr_info("about to\n")
    wake_up_process(worker)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
