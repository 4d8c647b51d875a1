# ruff: noqa: F821
"""Each spinlock and each preempt_disable() counts one; spin_trylock() fails while it is held."""

lock = DEFINE_SPINLOCK("lock")


def start():
    outside = preempt_count()
    spin_lock(lock)
    inside = preempt_count()
    preempt_disable()
    nested = preempt_count()
    got = spin_trylock(lock)
    preempt_enable()
    spin_unlock(lock)
    again = spin_trylock(lock)
    spin_unlock(lock)
    pr_info("count %d %d %d %d\n", outside, inside, nested, preempt_count())
    pr_info("trylock %d %d\n", got, again)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
