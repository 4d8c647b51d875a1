# ruff: noqa: F821
"""wake_up_interruptible() leaves those alone who sleep uninterruptibly."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
gate = 0
worker = []


def work(data):
    if data:
        wait_event(wq, lambda: gate)
    else:
        wait_event_interruptible(wq, lambda: gate)
    pr_info("%s is awake\n", current().comm)
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    global gate
    worker.append(kthread_run(work, None, "light"))
    worker.append(kthread_run(work, worker, "heavy"))
    msleep(20)
    gate = 1
    wake_up_interruptible(wq)
    msleep(20)
    pr_info("and now all\n")
    wake_up(wq)
    return 0


def stop():
    kthread_stop(worker[0])
    kthread_stop(worker[1])


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
