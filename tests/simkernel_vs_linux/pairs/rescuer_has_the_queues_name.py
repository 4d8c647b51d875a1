# ruff: noqa: F821
"""WQ_MEM_RECLAIM makes a kthread with the name of the queue: idle, and as urgent as nice can be."""

wq = None


def start():
    global wq
    wq = alloc_workqueue("lifeguard/%d", WQ_MEM_RECLAIM, 0, 3)
    return 0


def stop():
    destroy_workqueue(wq)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
