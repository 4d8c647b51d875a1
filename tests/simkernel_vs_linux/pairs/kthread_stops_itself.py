# ruff: noqa: F821
"""kthread_stop(current) waits for its own end, for ever: in D."""


def work(data):
    pr_info("about to\n")
    return kthread_stop(current())


def start():
    kthread_run(work, None, "ouroboros")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
