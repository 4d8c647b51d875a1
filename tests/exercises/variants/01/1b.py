# %% id="path-and-a-list" why="pathlib, and a function with a name"
from pathlib import Path


def predicted():
    return dict(cooks=0, bakers=6, clerks=1, porters=3, twins=2)


def os_threads():
    return set(map(int, (folder.name for folder in Path(f"/proc/{os.getpid()}/task").iterdir())))


def added(program):
    there = os_threads()
    new = []

    def look():
        for tid in os_threads():
            if tid not in there:
                new.append(tid)

    program(look)
    return len(new)


# %% id="scandir-and-nonlocal" why="tids from the status files, and nonlocal"
def predicted():
    numbers = [0, 6, 1, 3, 2]
    return dict(zip(["cooks", "bakers", "clerks", "porters", "twins"], numbers, strict=True))


def os_threads():
    tids = set()
    for entry in os.scandir("/proc/self/task"):
        tids |= {int(entry.name)}
    return tids


def added(program):
    before, seen = os_threads(), None

    def look():
        nonlocal seen
        seen = os_threads()

    program(look)
    return sum(1 for tid in seen if tid not in before)
