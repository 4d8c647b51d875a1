# ruff: noqa: F821
"""HZ is 250: milliseconds become whole ticks, rounded up, and ticks milliseconds."""


def start():
    pr_info("HZ %d\n", HZ)
    for ms in (0, 1, 4, 5, 1000, 1001):
        pr_info("%d ms: %lu ticks\n", ms, msecs_to_jiffies(ms))
    pr_info("%u %u %u\n", jiffies_to_msecs(0), jiffies_to_msecs(1), jiffies_to_msecs(251))
    begin = jiffies()
    msleep(4)
    pr_info("msleep(4): %d\n", jiffies() - begin >= 2)
    pr_info("no state: %ld\n", schedule_timeout(0))
    pr_info("idle: %ld\n", schedule_timeout_idle(2))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
