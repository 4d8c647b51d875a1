# ruff: noqa: F821
"""kthread_stop() unparks first, so a parked kthread can be stopped."""

worker = None


def work(data):
    while not kthread_should_stop():
        if kthread_should_park():
            kthread_parkme()
        msleep(10)
    pr_info("should_park is now %d\n", kthread_should_park())
    return 11


def start():
    global worker
    worker = kthread_run(work, None, "stopped_in_park")
    msleep(30)
    kthread_park(worker)
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
