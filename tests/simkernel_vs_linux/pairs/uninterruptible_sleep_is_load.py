# ruff: noqa: F821
"""A kthread that was never woken counts as load, and so does insmod that sleeps; an idle one (I) does not."""

worker = None


def idle(data):
    while not kthread_should_stop():
        schedule_timeout_idle(HZ)
    return 0


def start():
    global worker
    worker = kthread_run(idle, None, "idle")
    never = kthread_create(idle, None, "never")
    schedule_timeout_interruptible(5 * (5 * HZ + 1))
    pr_info("load %s\n", read_proc("/proc/loadavg").split()[0])
    pr_info("kthread_stop: %d\n", kthread_stop(never))
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
