# ruff: noqa: F821
"""printk_once() speaks once; printk_ratelimited() ten times in five seconds."""


def say(i):
    printk_once(KERN_INFO + "once, at %d\n", i)
    printk_ratelimited(KERN_NOTICE + "limited %d\n", i)


def start():
    for i in range(14):
        say(i)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
