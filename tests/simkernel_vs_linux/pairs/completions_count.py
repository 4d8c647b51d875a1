# ruff: noqa: F821
"""complete() twice lets two pass; complete_all() everyone, until it is made new."""

x = DECLARE_COMPLETION("x")


def start():
    pr_info("new: done %d, try %d\n", completion_done(x), try_wait_for_completion(x))
    complete(x)
    complete(x)
    pr_info("done %d\n", completion_done(x))
    wait_for_completion(x)
    pr_info("try %d\n", try_wait_for_completion(x))
    pr_info("try %d\n", try_wait_for_completion(x))
    pr_info("timeout %lu\n", wait_for_completion_timeout(x, 3))
    complete_all(x)
    pr_info("try %d\n", try_wait_for_completion(x))
    pr_info("try %d\n", try_wait_for_completion(x))
    pr_info("timeout %lu\n", wait_for_completion_timeout(x, 25))
    pr_info("interruptible %d\n", wait_for_completion_interruptible(x))
    reinit_completion(x)
    pr_info("made new: done %d\n", completion_done(x))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
