# ruff: noqa: F821
"""What a user writes to /dev/kmsg is a record of facility user, at level 4 unless <N> says otherwise."""


def write(text):
    pr_info("wrote %zd\n", dev_kmsg_write(text))


def start():
    write("plain\n")
    write("no newline")
    write("<3>an error\n")
    write("<0>not from the kernel\n")
    write("<30>a daemon\n")
    write("<x>no number\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
