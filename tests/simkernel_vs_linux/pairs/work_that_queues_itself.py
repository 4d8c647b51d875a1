# ruff: noqa: F821
"""A work may queue itself while it runs; cancel_work_sync() ends that."""

ran = 0


def fn(work):
    global ran
    ran += 1
    pending = work_pending(work)
    queued = schedule_work(work)
    if ran <= 2:
        pr_info("pending %d, queued again %d\n", pending, queued)
    msleep(5)


work = work_struct(fn)


def start():
    schedule_work(work)
    return 0


def stop():
    cancel_work_sync(work)
    pr_info("pending %d, it ran more than twice: %d\n", work_pending(work), ran > 2)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
