# ruff: noqa: F821
"""A newline in the middle stays in the record; of several at the end only one goes."""


def start():
    pr_info("first\nsecond\n  third\n")
    pr_info("two at the end\n\n")
    pr_info("\n")
    pr_info("")
    pr_info("\nbefore\n")
    pr_info("done\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
