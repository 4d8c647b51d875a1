# ruff: noqa: F821
"""A timer's function runs in an interrupt, in the time of whoever was there: here the idle task."""


def fire(timer):
    pr_info("in %s, atomic %d\n", current().comm[:7], preempt_count() != 0)
    pr_info("trylock %d\n", spin_trylock(lock))
    spin_unlock(lock)


lock = DEFINE_SPINLOCK("lock")
timer = timer_list(fire)


def start():
    timer_setup(timer, fire, 0)
    mod_timer(timer, jiffies() + 2)
    msleep(30)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
