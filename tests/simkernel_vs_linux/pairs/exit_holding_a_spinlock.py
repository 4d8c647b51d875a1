# ruff: noqa: F821
"""A kthread that ends with a spinlock held is told off, and nobody gives the lock back."""

lock = DEFINE_SPINLOCK("lock")


def work(data):
    spin_lock(lock)
    return 3


def start():
    worker = kthread_create(work, None, "hasty")
    get_task_struct(worker)
    wake_up_process(worker)
    msleep(20)
    pr_info("kthread_stop: %d\n", kthread_stop(worker))
    pr_info("trylock: %d\n", spin_trylock(lock))
    put_task_struct(worker)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
