# ruff: noqa: F821
"""A kthread_work belongs to the worker that it was queued on first: on another one it is told off."""


def fn(work):
    pr_info("%s works\n", current().comm)


worker = []
work = kthread_work(fn)


def start():
    worker.append(kthread_create_worker(0, "one"))
    worker.append(kthread_create_worker(0, "two"))
    kthread_queue_work(worker[0], work)
    kthread_flush_worker(worker[0])
    preempt_disable()
    queued = kthread_queue_work(worker[1], work)
    preempt_enable()
    kthread_flush_worker(worker[1])
    pr_info("queued %d\n", queued)
    return 0


def stop():
    kthread_destroy_worker(worker[0])
    kthread_destroy_worker(worker[1])


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
