# ruff: noqa: F821
"""From 6.1 kthread_stop() throws a kthread out of wait_event_interruptible(), as a signal would."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
worker = None


def work(data):
    pr_info("signal_pending before: %d\n", signal_pending(current()))
    rc = wait_event_interruptible(wq, lambda: False)
    pr_info("signal_pending after: %d\n", signal_pending(current()))
    return rc


def start():
    global worker
    worker = kthread_run(work, None, "sleeper")
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
