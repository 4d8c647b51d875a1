# ruff: noqa: F821
"""khungtaskd reports who has slept uninterruptibly for too long, with the whole stack."""

lock = DEFINE_MUTEX("lock")
wq = DECLARE_WAIT_QUEUE_HEAD("wq")
done = DECLARE_COMPLETION("done")
free = False
worker = []


def work(data):
    if data == 0:
        mutex_lock(lock)
        mutex_unlock(lock)
    elif data == 1:
        wait_event(wq, lambda: free)
    elif data == 2:
        wait_for_completion(done)
    elif data == 3:
        wait_event_killable(wq, lambda: free)
    while not kthread_should_stop():
        schedule_timeout_interruptible(HZ)
    return 0


def start():
    global free
    msleep(2100)
    mutex_lock(lock)
    worker.extend(kthread_run(work, i, "hangs/%ld", i) for i in range(4))
    worker.append(kthread_create(work, 5, "never_woken"))
    write_proc("/proc/sys/kernel/hung_task_timeout_secs", "2")
    schedule_timeout_interruptible(13 * HZ // 2)
    write_proc("/proc/sys/kernel/hung_task_timeout_secs", "0")
    mutex_unlock(lock)
    free = True
    wake_up_all(wq)
    complete(done)
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
