# ruff: noqa: F821
"""A kthread can be parked before it ever ran; threadfn begins when it is unparked."""

worker = None


def work(data):
    pr_info("threadfn begins\n")
    while not kthread_should_stop():
        msleep(10)
    return 1


def start():
    global worker
    worker = kthread_create(work, None, "garaged")
    pr_info("kthread_park: %d\n", kthread_park(worker))
    return 0


def stop():
    pr_info("unparking\n")
    kthread_unpark(worker)
    msleep(50)
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
