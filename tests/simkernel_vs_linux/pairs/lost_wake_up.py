# ruff: noqa: F821
"""Who tests first and says afterwards that it sleeps can miss the wake-up, and sleeps on."""

ready = False
worker = None


def work(data):
    if not ready:
        msleep(20)
        set_current_state(TASK_INTERRUPTIBLE)
        schedule()
    pr_info("awake, to stop %d\n", kthread_should_stop())
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    global worker, ready
    worker = kthread_run(work, None, "sleeper")
    msleep(10)
    ready = True
    pr_info("woke %d\n", wake_up_process(worker))
    msleep(50)
    pr_info("state %u\n", worker.state)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
