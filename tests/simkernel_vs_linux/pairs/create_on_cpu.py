# ruff: noqa: F821
"""kthread_create_on_cpu() binds, and takes its %u from the CPU's number."""

worker = None


def work(data):
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    worker = kthread_create_on_cpu(work, None, 0, "percpu/%u")
    pr_info("state %#x\n", worker.state)
    wake_up_process(worker)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
