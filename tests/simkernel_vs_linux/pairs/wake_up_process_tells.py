# ruff: noqa: F821
"""wake_up_process() says whether the task slept: 1, or 0 if it could run already."""

worker = None


def work(data):
    pr_info("waking myself: %d\n", wake_up_process(current()))
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    worker = kthread_create(work, None, "woken")
    preempt_disable()
    first = wake_up_process(worker)
    second = wake_up_process(worker)
    preempt_enable()
    msleep(50)
    pr_info("first %d, second %d\n", first, second)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
