# ruff: noqa: F821
"""How much of the stack lies above threadfn's own frame, and how much a kthread has at all."""


def work(data):
    pr_info("stack of %lu bytes, %ld above me\n", THREAD_SIZE, current().stack_used)
    return 0


def start():
    kthread_run(work, None, "meter")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
