# ruff: noqa: F821
"""An oops ends the kthread that ran into it; the others go on, and rmmod too."""

worker = None
nobody = None


def clumsy(data):
    wake_up_process(nobody)
    return 0


def work(data):
    n = 0
    while not kthread_should_stop():
        msleep(10)
        n += 1
    return n > 3


def start():
    global worker
    worker = kthread_run(work, None, "bystander")
    kthread_run(clumsy, None, "clumsy")
    return 0


def stop():
    pr_info("bystander went on: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
