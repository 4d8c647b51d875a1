# ruff: noqa: F821
"""flush_work() says whether there was anything to wait for; flush_delayed_work() does not wait for the timer."""


def fn(work):
    msleep(10)
    pr_info("done\n")


def later(work):
    pr_info("done without waiting: %d\n", jiffies() - begin < HZ)


work = work_struct(fn)
delayed = delayed_work(later)
begin = 0


def start():
    global begin
    begin = jiffies()
    pr_info("never queued: %d\n", flush_work(work))
    schedule_work(work)
    pr_info("queued: %d\n", flush_work(work))
    pr_info("done already: %d\n", flush_work(work))
    pr_info("schedule %d\n", schedule_delayed_work(delayed, 10 * HZ))
    pr_info("again %d\n", schedule_delayed_work(delayed, HZ))
    pr_info("flush: %d\n", flush_delayed_work(delayed))
    pr_info("flush: %d\n", flush_delayed_work(delayed))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
