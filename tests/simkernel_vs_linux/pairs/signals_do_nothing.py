# ruff: noqa: F821
"""A kthread ignores signals: SIGKILL and SIGSTOP are taken without an error, and nothing happens."""

worker = None


def work(data):
    n = 0
    while not kthread_should_stop():
        if signal_pending(current()):
            pr_info("signalled\n")
        msleep_interruptible(10)
        n += 1
    return n > 3


def start():
    global worker
    worker = kthread_run(work, None, "immortal")
    msleep(20)
    pr_info("kill -9: %d\n", send_sig(SIGKILL, worker, 1))
    pr_info("kill -STOP: %d\n", send_sig(SIGSTOP, worker, 1))
    pr_info("kill -TERM: %d\n", send_sig(SIGTERM, worker, 0))
    return 0


def stop():
    pr_info("still there: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
