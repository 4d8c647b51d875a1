# %% id="a-function-for-one" why="one task at a time, shifts for masks"
def label(task):
    if (task.flags >> 21) % 2:
        return "kthread"
    if (task.flags >> 4) % 2:
        return "io worker"
    if task.state.startswith("Z"):
        return "ended"
    return {True: "process", False: "thread"}[task.tgid == task.pid]


def classify(tasks):
    return {task.pid: label(task) for task in tasks}


# %% id="from-the-bottom-up" why="the weakest label first, stronger ones written over it"
PF_KTHREAD, PF_IO_WORKER = 2**21, 2**4


def classify(tasks):
    found = {pid: "thread" for pid, *_ in tasks}
    for pid, tgid, _, state, _, flags, *_ in tasks:
        if pid == tgid:
            found[pid] = "process"
        if state == "Z":
            found[pid] = "ended"
        if flags & PF_IO_WORKER == PF_IO_WORKER:
            found[pid] = "io worker"
        if flags & PF_KTHREAD == PF_KTHREAD:
            found[pid] = "kthread"
    return found


# %% id="rules-as-a-table" why="the first rule that fits"
def classify(tasks):
    rules = [
        ("kthread", lambda t: t.flags & 0x200000 != 0),
        ("io worker", lambda t: t.flags & 0x10 != 0),
        ("ended", lambda t: t.state == "Z"),
        ("process", lambda t: t.pid == t.tgid),
        ("thread", lambda t: True),
    ]
    return {task.pid: next(name for name, fits in rules if fits(task)) for task in tasks}
