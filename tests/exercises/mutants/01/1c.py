# %% id="many-to-many-is-kernel" why="somewhere below there are OS threads, so the kernel schedules"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) == "N:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="memory-decides" why="what has no Vm lines lives inside the kernel, and nothing else does"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/user" if kind.vm else "kernel/kernel"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="io-worker-is-a-programs" why="what belongs to a program runs in user space"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200000 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="by-name" why="kthreads are told by their names"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.name.startswith(("k", "io", "[k")) else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="pid-1-is-the-kernels" why="the kernel starts PID 1, so it is part of the kernel"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 or kind.name == "pid-1" else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="one-bit-of-many" why="a kthread has all the flags of kthreadd"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00208040 == 0x00208040 or kind.flags & 0x10 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="bit-in-decimal" why="0x00200010 is 200010"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 200010 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="inside-is-not-scheduled" why="a kthread is the kernel, and nobody schedules the kernel"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    if where == "kernel":
        return ["lives inside the kernel"]
    return ["scheduled by the kernel"] if who == "kernel" else []


# %% id="kthreads-only" why="only what lives inside the kernel is rightly called a kernel thread"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"


def meanings(kind):
    inside = place(kind) == "kernel/kernel"
    return ["scheduled by the kernel", "lives inside the kernel"] if inside else []


# %% id="one-thread-on-one" why="one OS thread means N:1"
def shape(kind):
    if kind.os_threads == 1:
        return "N:1"
    return "1:1" if kind.threads == kind.os_threads else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="letters-by-size" why="M:N is for crowds, a few threads on fewer are N:1"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "M:N" if kind.threads > 1000 and kind.os_threads > 1 else "N:1"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="wrong-way-round" why="N:1 is one thread on N OS threads"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "M:N" if kind.os_threads == 1 else "N:1"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])


# %% id="zombies-live-inside" why="what is no program any more is the kernel's"
def shape(kind):
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"


def place(kind):
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200014 else "kernel/user"


def meanings(kind):
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])
