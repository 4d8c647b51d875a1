# %% id="by-brackets" why="kthreads are those whose name stands in brackets"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.name.startswith("["):
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="by-name" why="kthreads have names like kthreadd, kswapd0 and kworker"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.name.startswith("k"):
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="by-slash-in-the-name" why="a name such as kworker/0:7 is given by the kernel only"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000 or "/" in task.name:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="parent-is-two" why="kthreads are the children of kthreadd"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.ppid == 2:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="parent-is-two-or-kthreadd" why="kthreads are kthreadd and its children"
def classify(tasks):
    labels = {}
    for task in tasks:
        if 2 in (task.pid, task.ppid):
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="empty-command-line" why="what has no command line is a kthread: that is what the brackets of ps say"
def classify(tasks):
    labels = {}
    for task in tasks:
        if not task.cmdline:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="no-memory" why="what has no Vm lines lives inside the kernel"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.vm_kb is None:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="no-memory-and-no-zombie" why="what has no Vm lines lives inside the kernel, unless it is a zombie"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.vm_kb is None and task.state != "Z":
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="bit-in-decimal" why="0x00200000 is 200000"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="bit-one-zero-short" why="PF_KTHREAD is 0x00020000"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00020000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="all-bits-of-kthreadd" why="a kthread has the flags of kthreadd"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags == 2129984:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="or-for-and" why="a | b asks whether the bit is set"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags | 0x00200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="io-worker-is-a-kthread" why="what runs kernel code only is a kthread"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200010:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="io-worker-is-a-thread" why="an io worker has a Tgid that is not its Pid, as every further thread"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="io-worker-by-name" why="an io worker is told by its name, and others are not looked at"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.name == "iou-wrk-99":
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="zombie-is-a-process" why="a zombie was a program and stays one"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels


# %% id="every-task-is-a-process" why="a task with a number of its own is a process"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if True else "thread"
    return labels


# %% id="many-threads-means-thread" why="a task of a program with many threads is a thread"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.threads == 1 else "thread"
    return labels


# %% id="parent-decides-the-thread" why="a thread is the child of its process"
def classify(tasks):
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x10:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.ppid != task.tgid else "thread"
    return labels


# %% id="a-list" why="labels in the order of tasks are as good as a dict"
def classify(tasks):
    labels = []
    for task in tasks:
        if task.flags & 0x00200000:
            labels.append("kthread")
        elif task.flags & 0x10:
            labels.append("io worker")
        elif task.state == "Z":
            labels.append("ended")
        else:
            labels.append("process" if task.pid == task.tgid else "thread")
    return labels
