# ruff: noqa: F821
"""dmesg -n sets the first of the four numbers of /proc/sys/kernel/printk; the others stay."""


def show():
    dev_kmsg_write(f"<14>{' '.join(read_proc('/proc/sys/kernel/printk').split())}\n")


def start():
    dmesg("-n 5")
    show()
    dmesg("-n 1")
    show()
    dmesg("-n 8")
    show()
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
