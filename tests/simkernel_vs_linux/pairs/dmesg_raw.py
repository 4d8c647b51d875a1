# ruff: noqa: F821
"""The log as dmesg -r shows it, each line with its <level>; stamps are cut off."""


def start():
    pr_info("@@alpha\n")
    pr_err("@@beta\n")
    printk("@@gamma")
    pr_cont(" and delta\n")
    for line in dmesg("-r").splitlines():
        if "@@" in line:
            pr_info("%.3s %s\n", line, line[line.index("@@") :])
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
