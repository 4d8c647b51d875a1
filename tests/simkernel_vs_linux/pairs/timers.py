# ruff: noqa: F821
"""A timer: pending until it fires; mod_timer() and del_timer() say whether it was."""


def fire(t):
    pr_info("fired, pending %d\n", timer_pending(t))


timer = timer_list(fire)


def start():
    timer_setup(timer, fire, 0)
    pr_info("new: pending %d\n", timer_pending(timer))
    pr_info("mod %d\n", mod_timer(timer, jiffies() + HZ))
    pr_info("mod again %d\n", mod_timer(timer, jiffies() + 2))
    pr_info("pending %d\n", timer_pending(timer))
    msleep(40)
    pr_info("del afterwards %d\n", del_timer(timer))
    mod_timer(timer, jiffies() + HZ)
    pr_info("del before %d\n", del_timer(timer))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
