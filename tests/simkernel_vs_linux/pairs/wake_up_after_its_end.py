# ruff: noqa: F821
"""A kthread that has ended cannot be woken: with a reference held one may ask, and its state stays."""

worker = None


def work(data):
    return 42


def start():
    global worker
    worker = kthread_create(work, None, "short")
    get_task_struct(worker)
    wake_up_process(worker)
    msleep(20)
    pr_info("wakes: %d\n", wake_up_process(worker))
    pr_info("state %#x, exit_state %d, exiting %d\n", worker.state, worker.exit_state, bool(worker.flags & PF_EXITING))
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))
    put_task_struct(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
