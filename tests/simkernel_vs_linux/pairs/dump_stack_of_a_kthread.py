# ruff: noqa: F821
"""dump_stack() shows who runs and how it came there."""

worker = None


def inner():
    dump_stack()
    return 1


def work(data):
    n = inner()
    while not kthread_should_stop():
        msleep(10)
    return n


def start():
    global worker
    worker = kthread_run(work, None, "dumper")
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
