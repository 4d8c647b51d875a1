# ruff: noqa: F821
"""Every pr_ function writes its level; pr_debug() is compiled out; printk() without a level is a warning."""


def start():
    pr_alert("one\n")
    pr_crit("two\n")
    pr_err("three\n")
    pr_warn("four\n")
    pr_notice("five\n")
    pr_info("six\n")
    pr_debug("seven\n")
    printk(KERN_DEBUG + "seven by printk\n")
    printk("no level\n")
    printk(KERN_ERR + "%s %d%%\n", "args", 5)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
