# ruff: noqa: F821
"""kthread_stop() gives what threadfn returned, negative numbers too."""

worker = [None, None]


def work(data):
    while not kthread_should_stop():
        msleep(20)
    return data


def start():
    worker[0] = kthread_run(work, 7, "seven")
    worker[1] = kthread_run(work, -5, "minus")
    return 0


def stop():
    pr_info("first: %d\n", kthread_stop(worker[0]))
    pr_info("second: %d\n", kthread_stop(worker[1]))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
