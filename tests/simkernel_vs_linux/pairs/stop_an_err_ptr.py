# ruff: noqa: F821
"""kthread_stop() of an ERR_PTR() is an oops: here in exit, so rmmod dies and the module stays for ever."""

worker = None


def start():
    global worker
    worker = ERR_PTR(-ENOMEM)
    return 0


def stop():
    pr_info("about to\n")
    pr_info("stopped: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
