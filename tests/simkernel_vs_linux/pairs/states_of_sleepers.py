# ruff: noqa: F821
"""The letter of each kind of sleep: S, D, I and a killable D."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
worker = []
SLEEPS = [wait_event_interruptible, wait_event, wait_event_idle, wait_event_killable]


def work(data):
    return SLEEPS[data](wq, kthread_should_stop)


def start():
    worker.extend(kthread_run(work, i, "sleeper/%ld", i) for i in range(4))
    return 0


def stop():
    for task in worker:
        pr_info("state %#x\n", task.state)
    for task in worker:
        pr_info("kthread_stop: %d\n", kthread_stop(task))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
