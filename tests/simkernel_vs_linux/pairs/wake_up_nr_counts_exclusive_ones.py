# ruff: noqa: F821
"""wake_up_nr() wakes so many of the exclusive ones, wake_up_all() everyone; the plain ones always wake."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
tickets = 0
served = atomic_t(0)
worker = []


def work(data):
    entry = DEFINE_WAIT()
    (prepare_to_wait_exclusive if data else prepare_to_wait)(wq, entry, TASK_INTERRUPTIBLE)
    schedule()
    finish_wait(wq, entry)
    atomic_inc(served)
    while not kthread_should_stop():
        msleep(10)
    return 0


def wake(nr):
    atomic_set(served, 0)
    wake_up_all(wq) if nr == 0 else wake_up_nr(wq, nr)
    msleep(20)
    pr_info("woke %d, active %d\n", atomic_read(served), waitqueue_active(wq))


def start():
    worker.extend(kthread_run(work, int(i > 1), "waiter/%d", i) for i in range(8))
    msleep(20)
    wake(1)
    wake(2)
    wake(0)
    wake(0)
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
