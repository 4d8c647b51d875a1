# ruff: noqa: F821
"""preempt=voluntary: a kthread that computes keeps the only processor; what is due waits until it ends."""

rung = False


def hog(data):
    end = jiffies() + HZ // 5
    while not rung and jiffies() < end:
        udelay(100)
    pr_info("hog: %s\n", "heard the bell" if rung else "heard nothing")
    return 0


def bell(data):
    global rung
    msleep(20)
    rung = True
    pr_info("bell: rang\n")
    return 0


def start():
    kthread_run(bell, None, "bell")
    kthread_run(hog, None, "hog")
    msleep(400)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
