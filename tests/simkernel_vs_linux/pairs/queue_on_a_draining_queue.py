# ruff: noqa: F821
"""While a queue is drained only its own works may queue more; who else tries is told off."""

wq = None
ran = 0


def chain(work):
    global ran
    ran += 1
    if ran < 3:
        pr_info("from inside: %d\n", queue_work(wq, work))
    msleep(10)


def noise(data):
    msleep(5)
    pr_info("from outside: %d\n", queue_work(wq, other))
    while not kthread_should_stop():
        msleep(10)
    return 0


work = work_struct(chain)
other = work_struct(chain)


def start():
    global wq
    wq = alloc_workqueue("drained", WQ_UNBOUND, 0)
    worker = kthread_run(noise, None, "noise")
    queue_work(wq, work)
    drain_workqueue(wq)
    pr_info("ran %d\n", ran)
    kthread_stop(worker)
    destroy_workqueue(wq)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
