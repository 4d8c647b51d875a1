# ruff: noqa: F821
"""A kthread that was created and not woken waits in D, and stopping it calls nothing."""

worker = None


def work(data):
    pr_info("threadfn ran\n")
    return 7


def start():
    global worker
    worker = kthread_create(work, None, "unwoken")
    pr_info("state %#x\n", worker.state)
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
