# ruff: noqa: F821
"""Priorities: nice 5 is 125, nice -20 is 100, sched_set_fifo() is 49."""

worker = []


def work(data):
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    worker.append(kthread_run(work, None, "nice"))
    worker.append(kthread_run(work, None, "eager"))
    worker.append(kthread_run(work, None, "fifo"))
    set_user_nice(worker[0], 5)
    set_user_nice(worker[1], -30)
    set_user_nice(worker[1], -20)
    sched_set_fifo(worker[2])
    pr_info("%d %d %d\n", worker[0].prio, worker[1].prio, worker[2].prio)
    pr_info("policy %u %u\n", worker[0].policy, worker[2].policy)
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
