# ruff: noqa: F821
"""Two kthreads take two mutexes in two orders: both stay in D, and rmmod waits for them."""

first = DEFINE_MUTEX("first")
second = DEFINE_MUTEX("second")
worker = []


def work(data):
    mutex_lock(second if data else first)
    msleep(10)
    mutex_lock(first if data else second)
    pr_info("never said\n")
    mutex_unlock(first)
    mutex_unlock(second)
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    worker.append(kthread_run(work, 0, "forwards"))
    worker.append(kthread_run(work, 1, "backwards"))
    return 0


def stop():
    kthread_stop(worker[0])
    kthread_stop(worker[1])


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
