# ruff: noqa: F821
"""An init that returns with a spinlock held: the kernel says so, and switches preemption on again."""

lock = DEFINE_SPINLOCK("lock")


def start():
    spin_lock(lock)
    return 0


def stop():
    pr_info("trylock %d\n", spin_trylock(lock))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
