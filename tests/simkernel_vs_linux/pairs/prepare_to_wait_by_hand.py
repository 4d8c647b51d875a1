# ruff: noqa: F821
"""The loop inside wait_event(), written out: state, test, sleep, and running again at the end."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
gate = 0
worker = None


def work(data):
    wait = DEFINE_WAIT()
    while True:
        prepare_to_wait(wq, wait, TASK_UNINTERRUPTIBLE)
        if gate:
            break
        schedule()
        pr_info("awake in state %#x\n", current().state)
    finish_wait(wq, wait)
    pr_info("through in state %#x\n", current().state)
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    global worker, gate
    worker = kthread_run(work, None, "by_hand")
    msleep(20)
    wake_up(wq)
    msleep(20)
    gate = 1
    wake_up(wq)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
