# ruff: noqa: F821
"""An exit that waits for what never comes: rmmod hangs in D."""

never = DECLARE_COMPLETION("never")


def start():
    return 0


def stop():
    pr_info("leaving\n")
    wait_for_completion(never)
    pr_info("left\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
