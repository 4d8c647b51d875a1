# ruff: noqa: F821
"""comm holds 15 characters; /proc shows a kthread's name in full."""

worker = None


def work(data):
    pr_info("I am %s\n", current().comm)
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "a_very_long_kernel_thread_name/%d", 12345)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
