# ruff: noqa: F821
"""kthread_complete_and_exit() ends a kthread for good: whoever waits is told, nothing is left behind."""

done = DECLARE_COMPLETION("done")


def work(data):
    pr_info("leaving\n")
    kthread_complete_and_exit(done, 0)


def start():
    kthread_run(work, None, "leaver")
    return 0


def stop():
    wait_for_completion(done)
    pr_info("it has left\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
