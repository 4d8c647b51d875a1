# ruff: noqa: F821
"""down_trylock() is 0 when it got one; down_timeout() gives -ETIME, a stop -EINTR."""

sem = semaphore()
worker = None


def work(data):
    rc = down_interruptible(sem)
    pr_info("ended with %d\n", rc)
    return rc


def start():
    global worker
    sema_init(sem, 2)
    pr_info("try %d\n", down_trylock(sem))
    down(sem)
    pr_info("try %d\n", down_trylock(sem))
    pr_info("timeout %d\n", down_timeout(sem, 3))
    up(sem)
    pr_info("interruptible %d\n", down_interruptible(sem))
    worker = kthread_run(work, None, "thirsty")
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(worker))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
