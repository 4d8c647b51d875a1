# ruff: noqa: F821
"""wait_event_timeout(): the ticks left, at least 1, or 0 when the time was up."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
ready = False
worker = None


def work(data):
    global ready
    msleep(40)
    ready = True
    wake_up(wq)
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    pr_info("true already: %ld\n", wait_event_timeout(wq, lambda: True, 25))
    pr_info("true, no time: %ld\n", wait_event_timeout(wq, lambda: True, 0))
    pr_info("never: %ld\n", wait_event_timeout(wq, lambda: False, 3))
    worker = kthread_run(work, None, "waker")
    left = wait_event_timeout(wq, lambda: ready, 10 * HZ)
    pr_info("some are left: %d\n", 9 * HZ < left < 10 * HZ)
    pr_info("interruptible: %ld\n", wait_event_interruptible_timeout(wq, lambda: False, 3))
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
