# ruff: noqa: F821
"""/proc/PID/stat of two kthreads, without the numbers of a boot (pid, start time), and the empty files."""

worker = []


def work(data):
    while not kthread_should_stop():
        schedule_timeout_interruptible(HZ)
    return 0


def start():
    worker.append(kthread_run(work, None, "plain"))
    worker.append(kthread_run(work, None, "with) a space"))
    sched_set_fifo(worker[1])
    set_user_nice(worker[0], -5)
    msleep(10)
    for task in worker:
        line = read_proc(f"/proc/{task.pid}/stat").rstrip()
        fields = line[line.rindex(") ") + 2 :].split()
        fields[19] = "start"
        dev_kmsg_write(f"<14>{' '.join(fields)}\n")
        dev_kmsg_write(f"<14>comm {read_proc(f'/proc/{task.pid}/comm')}")
        dev_kmsg_write(f"<14>cmdline {len(read_proc(f'/proc/{task.pid}/cmdline'))}\n")
        dev_kmsg_write(f"<14>wchan {read_proc(f'/proc/{task.pid}/wchan')}\n")
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
