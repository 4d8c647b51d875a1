# ruff: noqa: F821
"""A kthread may ask itself to park: kthread_park() does not wait, and the next kthread_parkme() parks."""

worker = None


def work(data):
    pr_info("park: %d\n", kthread_park(current()))
    pr_info("should park %d\n", kthread_should_park())
    kthread_parkme()
    pr_info("unparked, should park %d\n", kthread_should_park())
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "selfish")
    msleep(30)
    pr_info("state %#x\n", worker.state)
    pr_info("wakes: %d\n", wake_up_process(worker))
    pr_info("state %#x\n", worker.state)
    kthread_unpark(worker)
    msleep(30)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
