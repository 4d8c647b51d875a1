# ruff: noqa: F821
"""panic() stops the whole machine."""


def work(data):
    panic("no way out")


def start():
    pr_info("loaded\n")
    kthread_run(work, None, "doomed")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
