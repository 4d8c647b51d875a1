# ruff: noqa: F821
"""A kthread in wait_for_completion_interruptible() is thrown out by kthread_stop()."""

never = DECLARE_COMPLETION("never")
worker = None


def work(data):
    rc = wait_for_completion_interruptible(never)
    pr_info("ended with %d\n", rc)
    return rc


def start():
    global worker
    worker = kthread_run(work, None, "hopeful")
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))
    pr_info("done %d\n", completion_done(never))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
