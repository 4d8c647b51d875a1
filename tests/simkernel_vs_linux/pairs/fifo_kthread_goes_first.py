# ruff: noqa: F821
"""A real-time kthread that is woken runs at once; one of the usual class waits until it is done."""

worker = []


def work(data):
    set_current_state(TASK_INTERRUPTIBLE)
    schedule()
    pr_info("%s runs\n", current().comm)
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    worker.append(kthread_run(work, None, "usual"))
    worker.append(kthread_run(work, None, "fifo"))
    sched_set_fifo(worker[1])
    msleep(20)
    preempt_disable()
    wake_up_process(worker[0])
    wake_up_process(worker[1])
    pr_info("both woken\n")
    preempt_enable()
    msleep(20)
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
