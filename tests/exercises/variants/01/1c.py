# %% id="two-questions" why="the two questions as two small functions"
def shape(kind):
    one_each, one_for_all = kind.os_threads == kind.threads, kind.os_threads == 1
    return "1:1" if one_each else "N:1" if one_for_all else "M:N"


def who(kind):
    return "program" if kind.os_threads < kind.threads else "kernel"


def where(kind):
    return "kernel" if (kind.flags >> 21) & 1 or (kind.flags >> 4) & 1 else "user"


def place(kind):
    return f"{who(kind)}/{where(kind)}"


def meanings(kind):
    words = []
    if who(kind) == "kernel":
        words.append("scheduled by the kernel")
    if where(kind) == "kernel":
        words.append("lives inside the kernel")
    return words


# %% id="tables" why="two dicts"
PLACES = {(False, False): "program/user", (True, False): "kernel/user", (True, True): "kernel/kernel"}
MEANINGS = ["scheduled by the kernel", "lives inside the kernel"]


def shape(kind):
    if kind.threads > kind.os_threads:
        return "N:1" if kind.os_threads < 2 else "M:N"
    return "1:1"


def place(kind):
    return PLACES[kind.threads == kind.os_threads, any(kind.flags & bit for bit in (0x10, 0x200000))]


def meanings(kind):
    return MEANINGS[: ["program/user", "kernel/user", "kernel/kernel"].index(place(kind))]
