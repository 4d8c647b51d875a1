# ruff: noqa: F821
"""A work that is queued and has not begun cannot be queued again: it runs once."""

ran = 0


def fn(work):
    global ran
    ran += 1
    pr_info("running, pending %d\n", work_pending(work))
    msleep(20)


work = work_struct(fn)


def start():
    preempt_disable()
    first = schedule_work(work)
    second = schedule_work(work)
    pending = work_pending(work)
    preempt_enable()
    pr_info("flush_work: %d\n", flush_work(work))
    pr_info("queued %d %d, pending %d, ran %d\n", first, second, pending, ran)
    pr_info("flush_work again: %d\n", flush_work(work))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
