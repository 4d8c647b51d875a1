# ruff: noqa: F821
"""kthread_unpark() of one that runs does nothing; parked before its first wake-up and stopped, it never calls threadfn."""

worker = None


def work(data):
    n = 0
    while not kthread_should_stop():
        if kthread_should_park():
            kthread_parkme()
        n += 1
        msleep(10)
    pr_info("%s worked %d\n", current().comm, n > 0)
    return 5


def start():
    global worker
    worker = kthread_run(work, None, "runner")
    kthread_unpark(worker)
    kthread_unpark(worker)
    asleep = kthread_create(work, None, "asleep")
    pr_info("park: %d\n", kthread_park(asleep))
    pr_info("state %#x\n", asleep.state)
    pr_info("kthread_stop: %d\n", kthread_stop(asleep))
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
