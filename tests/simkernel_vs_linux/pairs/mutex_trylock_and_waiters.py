# ruff: noqa: F821
"""mutex_trylock() is 1 when it got it, the other way round than down_trylock(); who waits is in D."""

lock = DEFINE_MUTEX("lock")
worker = []


def work(data):
    rc = 0
    pr_info("try %d\n", mutex_trylock(lock))
    pr_info("locked %d\n", mutex_is_locked(lock))
    if data:
        rc = mutex_lock_interruptible(lock)
    else:
        mutex_lock(lock)
    if not rc:
        pr_info("%s has it\n", current().comm)
        mutex_unlock(lock)
    while not kthread_should_stop():
        msleep(10)
    return rc


def start():
    pr_info("try %d\n", mutex_trylock(lock))
    pr_info("locked %d\n", mutex_is_locked(lock))
    worker.append(kthread_run(work, None, "waits"))
    msleep(20)
    worker.append(kthread_run(work, worker, "gives_up"))
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker[1]))
    mutex_unlock(lock)
    msleep(30)
    pr_info("locked %d\n", mutex_is_locked(lock))
    kthread_stop(worker[0])


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
