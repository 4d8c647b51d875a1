# ruff: noqa: F821
"""schedule_timeout() in TASK_RUNNING does not sleep: no state was set."""


def start():
    begin = jiffies()
    left = schedule_timeout(2 * HZ)
    pr_info("slept: %d, all left: %d\n", jiffies() - begin > HZ, left > HZ)
    set_current_state(TASK_UNINTERRUPTIBLE)
    left = schedule_timeout(3)
    pr_info("left %ld, state %#x\n", left, current().state)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
