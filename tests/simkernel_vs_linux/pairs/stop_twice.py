# ruff: noqa: F821
"""The second kthread_stop() waits for ever, even with a reference: a kthread ends once."""

worker = None


def work(data):
    while not kthread_should_stop():
        msleep(10)
    return 7


def start():
    global worker
    worker = kthread_run(work, None, "once")
    get_task_struct(worker)
    msleep(30)
    return 0


def stop():
    pr_info("first: %d\n", kthread_stop(worker))
    pr_info("second: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
