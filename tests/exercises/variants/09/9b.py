# %% id="shift-and-fields" why="shifts the bit down and reads the state from stat"
def is_kthread(status, stat):
    return (flags_of(stat) >> 21) % 2 == 1


def kind(status, stat):
    state = stat[stat.rindex(")") + 2]
    if state == "Z":
        return "ended"
    if is_kthread(status, stat):
        return "kthread"
    return "worker" if (flags_of(stat) >> 4) % 2 else "program"


# %% id="names-from-the-header" why="uses decode of 9a"
def is_kthread(status, stat):
    return "PF_KTHREAD" in decode(stat, read_bits(HEADER))


def kind(status, stat):
    lines = dict(line.split(":\t", 1) for line in status.splitlines())
    flags = decode(stat, read_bits(HEADER))
    if "PF_KTHREAD" in flags:
        return "kthread"
    if lines["State"].startswith("Z"):
        return "ended"
    if "PF_IO_WORKER" in flags:
        return "worker"
    return "program"
