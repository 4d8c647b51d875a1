# ruff: noqa: F821
"""/proc/PID/status of a kthread, but for its numbers and the processor's flaws."""

worker = None


def work(data):
    while not kthread_should_stop():
        schedule_timeout_interruptible(HZ)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "a (name) of more than 15")
    set_user_nice(worker, 3)
    msleep(10)
    for line in read_proc(f"/proc/{worker.pid}/status").splitlines():
        if line.partition(":")[0] not in ("Tgid", "Pid", "NStgid", "NSpid", "SigQ"):
            dev_kmsg_write(f"<14>{line.rstrip()}\n")
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
