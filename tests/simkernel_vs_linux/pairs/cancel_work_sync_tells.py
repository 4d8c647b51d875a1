# ruff: noqa: F821
"""cancel_work_sync() says whether the work was still pending; then it does not run."""


def fn(work):
    pr_info("running\n")


work = work_struct(fn)


def start():
    pr_info("idle: %d\n", cancel_work_sync(work))
    preempt_disable()
    schedule_work(work)
    pr_info("cancel_work: %d\n", cancel_work(work))
    pr_info("pending: %d\n", work_pending(work))
    preempt_enable()
    schedule_work(work)
    flush_work(work)
    pr_info("after it ran: %d\n", cancel_work_sync(work))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
