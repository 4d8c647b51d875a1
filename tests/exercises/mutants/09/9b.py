# %% id="brackets-in-ps" why="ps puts kthreads in brackets, and so does stat"
def is_kthread(status, stat):
    return "kworker" in stat or "(k" in stat


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="parent-is-two" why="kthreads are the children of kthreadd"
def is_kthread(status, stat):
    return "\nPPid:\t2\n" in status


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="parent-is-two-or-kthreadd" why="kthreads are kthreadd and its children"
def is_kthread(status, stat):
    return "\nPPid:\t2\n" in status or "\nTgid:\t2\n" in status


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="no-memory" why="who has no Vm lines is a kthread"
def is_kthread(status, stat):
    return "\nVm" not in status


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="flag-written-in-decimal" why="0x200000 is 200000"
def is_kthread(status, stat):
    return bool(flags_of(stat) & 200000)


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="all-flags-of-kthreadd" why="a kthread has the flags of kthreadd"
def is_kthread(status, stat):
    return flags_of(stat) & 0x00208040 == 0x00208040


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="any-flag-of-kthreadd" why="a kthread has one of the flags of kthreadd"
def is_kthread(status, stat):
    return bool(flags_of(stat) & 0x00208040)


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="number-for-a-bool" why="a number that is not 0 is as good as True"
def is_kthread(status, stat):
    return flags_of(stat) & 0x00200000


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="io-worker-is-a-kthread" why="whatever runs kernel code only is a kthread"
def is_kthread(status, stat):
    return bool(flags_of(stat) & 0x00200010)


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="zombie-is-a-program" why="a zombie was a program and stays one"
def is_kthread(status, stat):
    return bool(flags_of(stat) & 0x00200000)


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    return "worker" if flags_of(stat) & 0x10 else "program"


# %% id="splits-the-stat-line" why="the flags are the ninth word"
def is_kthread(status, stat):
    return bool(int(stat.split()[8]) & 0x00200000)


def kind(status, stat):
    if is_kthread(status, stat):
        return "kthread"
    if "\nState:\tZ" in status:
        return "ended"
    return "worker" if flags_of(stat) & 0x10 else "program"
