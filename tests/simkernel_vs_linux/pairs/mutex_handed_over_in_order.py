# ruff: noqa: F821
"""Who waits for a mutex gets it in the order of asking."""

lock = DEFINE_MUTEX("lock")
worker = []


def work(data):
    mutex_lock(lock)
    pr_info("%s has it\n", current().comm)
    msleep(4)
    mutex_unlock(lock)
    while not kthread_should_stop():
        schedule_timeout_interruptible(HZ)
    return 0


def start():
    mutex_lock(lock)
    for i in range(3):
        worker.append(kthread_run(work, i, "queues/%ld", i))
        msleep(10)
    mutex_unlock(lock)
    msleep(80)
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
