# ruff: noqa: F821
"""Parking a kthread that has ended warns and gives -ENOSYS."""

worker = None


def work(data):
    return 0


def start():
    global worker
    worker = kthread_create(work, None, "ended")
    get_task_struct(worker)
    wake_up_process(worker)
    msleep(30)
    pr_info("kthread_park: %d\n", kthread_park(worker))
    return 0


def stop():
    put_task_struct(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
