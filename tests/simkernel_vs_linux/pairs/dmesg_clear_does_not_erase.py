# ruff: noqa: F821
"""After dmesg -c a new dmesg shows nothing; a reader of /dev/kmsg still gets every record."""


def say(text):
    dev_kmsg_write(f"<14>{text}\n")


def start():
    pr_info("before\n")
    say(f"seen {dmesg().count('before')}")
    dmesg("-c")
    say(f"seen {dmesg().count('before')}")
    pr_info("after\n")
    say(f"seen {dmesg().count('after')}")
    say(f"read {sum('before' in record.text for record in the_kernel().log.records())}")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
