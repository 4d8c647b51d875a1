# ruff: noqa: F821
"""Where each kind of sleep is seen to be: the functions of the scheduler itself are left out of /proc."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
never = DECLARE_COMPLETION("never")
lock = DEFINE_MUTEX("lock")
sem = semaphore()
worker = []


def work(data):
    if data == 0:
        wait_for_completion_interruptible(never)
    elif data == 1:
        down_interruptible(sem)
    elif data == 2:
        mutex_lock_interruptible(lock)
    elif data == 3:
        usleep_range(5000, 5100)
    elif data == 4:
        wait_event_interruptible_timeout(wq, kthread_should_stop, 60 * HZ)
    elif data == 5:
        msleep_interruptible(60000)
    elif data == 6:
        schedule_timeout_interruptible(60 * HZ)
    elif data == 7:
        schedule_timeout_idle(HZ)
    elif data == 8:
        set_current_state(TASK_INTERRUPTIBLE)
        schedule()
    while not kthread_should_stop():
        usleep_range(5000, 5100)
    return 0


def start():
    sema_init(sem, 0)
    mutex_lock(lock)
    worker.extend(kthread_run(work, i, "sleeper/%ld", i) for i in range(9))
    return 0


def stop():
    for task in worker:
        pr_info("kthread_stop: %d\n", kthread_stop(task))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
