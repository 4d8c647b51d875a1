# ruff: noqa: F821
"""A kthread that returned early is dead and gone from /proc; with a reference its result can still be had."""

worker = None


def work(data):
    return 42


def start():
    global worker
    worker = kthread_create(work, None, "early")
    get_task_struct(worker)
    wake_up_process(worker)
    return 0


def stop():
    pr_info("state %#x exit_state %#x\n", worker.state, worker.exit_state)
    pr_info("exiting %d\n", bool(worker.flags & PF_EXITING))
    pr_info("kthread_stop: %d\n", kthread_stop(worker))
    put_task_struct(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
