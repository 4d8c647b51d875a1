# ruff: noqa: C901, F821
"""What else sleeps with a spinlock held: a mutex that is taken, a completion, a wait queue, schedule() itself."""

wq = DECLARE_WAIT_QUEUE_HEAD("wq")
done = DECLARE_COMPLETION("done")
mutex_held = DEFINE_MUTEX("mutex_held")
sem = semaphore()
lock = DEFINE_SPINLOCK("lock")


def work(data):
    spin_lock(lock)
    if data == 0:
        mutex_lock(mutex_held)
        mutex_unlock(mutex_held)
    elif data == 1:
        wait_for_completion(done)
    elif data == 2:
        wait_event(wq, kthread_should_stop)
    elif data == 3:
        set_current_state(TASK_INTERRUPTIBLE)
        schedule()
    elif data == 4:
        schedule()
    elif data == 5:
        down(sem)
    elif data == 6:
        pr_info("down %d\n", down_interruptible(sem))
    elif data == 7:
        pr_info("wait %d\n", wait_for_completion_interruptible(done))
    elif data == 8:
        pr_info("wait %lu\n", wait_for_completion_timeout(done, 2))
    elif data == 9:
        pr_info("lock %d\n", mutex_lock_interruptible(mutex_held))
    elif data == 10:
        msleep_interruptible(4)
    elif data == 11:
        pr_info("down %d\n", down_timeout(sem, 2))
    pr_info("%s went on\n", current().comm)
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    sema_init(sem, 0)
    mutex_lock(mutex_held)
    for i in range(12):
        spin_lock_init(lock)
        worker = kthread_run(work, i, "sleeper/%ld", i)
        msleep(20)
        mutex_unlock(mutex_held) if i == 0 else None
        complete(done) if i == 1 else None
        up(sem) if i == 5 else None
        mutex_lock(mutex_held) if i == 8 else None
        kthread_stop(worker)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
