# ruff: noqa: F821
"""/dev/kmsg escapes control characters, bytes from 127 on and the backslash; a shell copies the records as it reads them."""

from labkit.kmsg import format_kmsg


def shell():
    dev_kmsg_write("@end\n")
    dev_kmsg_write("@over\n")
    for record in the_kernel().log.records():
        line = format_kmsg(record)
        if ";#" in line:
            dev_kmsg_write("<14>" + line.partition(",")[0] + " ;" + line.partition(";")[2] + "\n")
    return 0


def start():
    pr_info("#tab\tbell\a esc\033[31m\n")
    pr_info("#back\\slash é \udcff \177\n")
    pr_err("#first\nsecond\n")
    pr_info("shell: %d\n", shell())
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
