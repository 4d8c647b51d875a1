# ruff: noqa: F821
"""A parked kthread is in P; unparked it goes on after kthread_parkme(), with what it had."""

worker = None
n = 0


def work(data):
    global n
    n = 3
    while not kthread_should_stop():
        if kthread_should_park():
            pr_info("parking, n=%d\n", n)
            kthread_parkme()
            pr_info("unparked, n=%d\n", n)
        msleep(10)
    return n


def start():
    global worker
    worker = kthread_run(work, None, "parker")
    msleep(30)
    pr_info("kthread_park: %d\n", kthread_park(worker))
    pr_info("state %#x\n", worker.state)
    return 0


def stop():
    kthread_unpark(worker)
    msleep(50)
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
