# ruff: noqa: F821
"""usleep_range() sleeps too, however short: scheduling while atomic, by another way."""

lock = DEFINE_SPINLOCK("lock")


def start():
    spin_lock(lock)
    usleep_range(50, 60)
    spin_unlock(lock)
    pr_info("went on\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
