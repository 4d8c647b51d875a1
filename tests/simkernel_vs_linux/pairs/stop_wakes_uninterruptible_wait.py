# ruff: noqa: F821
"""kthread_stop() wakes a D sleeper too; its condition decides whether it sleeps on."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
worker = None


def work(data):
    wait_event(wq, kthread_should_stop)
    return 3


def start():
    global worker
    worker = kthread_run(work, None, "deep")
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
