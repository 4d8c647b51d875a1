# ruff: noqa: F821
"""kthread_data() and kthread_func() tell what a kthread was created with."""

worker = None


def work(data):
    pr_info("my data: %d\n", data)
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    worker = kthread_run(work, 5, "holder")
    msleep(10)
    pr_info("its data: %d\n", kthread_data(worker))
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
