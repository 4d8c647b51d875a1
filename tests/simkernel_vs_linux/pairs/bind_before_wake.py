# ruff: noqa: F821
"""kthread_bind() of a kthread that was not woken marks it as not to be moved."""

worker = None


def work(data):
    pr_info("flags %#x\n", current().flags & (PF_KTHREAD | PF_NO_SETAFFINITY))
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    worker = kthread_create(work, None, "bound")
    kthread_bind(worker, 0)
    wake_up_process(worker)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
