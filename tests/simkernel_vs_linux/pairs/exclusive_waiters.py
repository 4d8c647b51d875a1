# ruff: noqa: F821
"""wake_up() wakes one exclusive waiter, wake_up_nr() some, wake_up_all() the rest."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
gate = passed = 0
worker = []


def work(data):
    global passed
    wait_event_interruptible_exclusive(wq, lambda: gate)
    if gate < 2:
        pr_info("%s passes\n", current().comm)
    passed += 1
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    global gate
    for i in range(5):
        worker.append(kthread_run(work, None, "guest/%d", i))
        msleep(20)
    pr_info("somebody waits: %d\n", waitqueue_active(wq))
    wake_up(wq)
    msleep(20)
    pr_info("closed: %d passed\n", passed)
    gate = 1
    wake_up(wq)
    msleep(20)
    pr_info("wake_up: %d passed\n", passed)
    wake_up_nr(wq, 2)
    msleep(20)
    pr_info("wake_up_nr: %d passed\n", passed)
    gate = 2
    wake_up_all(wq)
    msleep(20)
    pr_info("wake_up_all: %d passed\n", passed)
    pr_info("somebody waits: %d\n", waitqueue_active(wq))
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
