# ruff: noqa: F821
"""A mutex is not recursive: who locks it twice waits for itself, in D, for ever."""

lock = DEFINE_MUTEX("lock")


def start():
    mutex_lock(lock)
    pr_info("once\n")
    mutex_lock(lock)
    pr_info("twice\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
