# ruff: noqa: F821
"""A timer that is still set when its module goes: the interrupt calls into nothing, and the machine stops."""


def fire(timer):
    pr_info("never said\n")


timer = timer_list(fire)


def start():
    timer_setup(timer, fire, 0)
    return 0


def stop():
    mod_timer(timer, jiffies() + 8)
    pr_info("unloading\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
