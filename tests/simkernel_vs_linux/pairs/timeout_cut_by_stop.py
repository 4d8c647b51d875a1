# ruff: noqa: F821
"""A wait with a timeout that kthread_stop() ends gives -ERESTARTSYS, not 0."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
worker = None


def work(data):
    return wait_event_interruptible_timeout(wq, lambda: False, 600 * HZ)


def start():
    global worker
    worker = kthread_run(work, None, "patient")
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
