# %% id="recursive-and-a-loop" why="the chain by recursion, the rest by a plain loop"
def on_wait(cpu, thread):
    holder = cpu.owner[cpu.waits[thread]]
    if cpu.priority[thread] > cpu.priority[holder]:
        cpu.priority[holder] = cpu.priority[thread]
        if holder in cpu.waits:
            on_wait(cpu, holder)


def on_release(cpu, thread):
    cpu.priority[thread] = cpu.base[thread]
    for other in cpu.waits:
        if cpu.owner[cpu.waits[other]] == thread and cpu.priority[other] > cpu.priority[thread]:
            cpu.priority[thread] = cpu.priority[other]


# %% id="all-anew" why="both compute all priorities from the beginning, until nothing changes"
def on_wait(cpu, thread):
    cpu.priority.update(cpu.base)
    for _ in cpu.base:
        for other, lock in cpu.waits.items():
            holder = cpu.owner[lock]
            cpu.priority[holder] = max(cpu.priority[holder], cpu.priority[other])


def on_release(cpu, thread):
    on_wait(cpu, thread)


# %% id="sets-without-max" why="who begins to wait was running, so its priority is the highest there is"
def on_wait(cpu, thread):
    lent, lock = cpu.priority[thread], cpu.waits.get(thread)
    while lock:
        holder = cpu.owner[lock]
        cpu.priority[holder] = lent
        lock = cpu.waits.get(holder)


def on_release(cpu, thread):
    mine = {lock for lock, owner in cpu.owner.items() if owner == thread}
    lenders = [other for other, lock in cpu.waits.items() if lock in mine]
    cpu.priority[thread] = max(cpu.base[thread], max((cpu.priority[o] for o in lenders), default=0))
