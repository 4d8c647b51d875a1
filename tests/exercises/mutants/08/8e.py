# %% id="no-inheritance" why="the most important thread runs first anyway"
def on_wait(cpu, thread):
    pass


def on_release(cpu, thread):
    lent = [cpu.priority[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])


# %% id="not-transitive" why="the holder inherits; that it waits itself is its own affair"
def on_wait(cpu, thread):
    holder = cpu.owner[cpu.waits[thread]]
    cpu.priority[holder] = max(cpu.priority[holder], cpu.priority[thread])


def on_release(cpu, thread):
    lent = [cpu.priority[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])


# %% id="never-dropped" why="what was inherited is kept"
def on_wait(cpu, thread):
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    pass


# %% id="dropped-at-any-release" why="with a release all that was lent goes back"
def on_wait(cpu, thread):
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    cpu.priority[thread] = cpu.base[thread]


# %% id="lends-its-own-only" why="a thread lends what it was born with"
def on_wait(cpu, thread):
    lent = cpu.base[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    lent = [cpu.priority[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])


# %% id="keeps-by-birth" why="at a release what the others were born with counts"
def on_wait(cpu, thread):
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    lent = [cpu.base[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])


# %% id="lifted-by-strangers" why="whoever waits for any lock lifts the one that releases"
def on_wait(cpu, thread):
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    lent = [cpu.priority[other] for other, lock in cpu.waits.items()]
    cpu.priority[thread] = max([cpu.base[thread], *lent])


# %% id="lifts-the-waiter" why="who waits needs a higher priority, to get the lock"
def on_wait(cpu, thread):
    cpu.priority[thread] = max(cpu.priority.values()) + 1


def on_release(cpu, thread):
    lent = [cpu.priority[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])


# %% id="kept-if-anybody-waits" why="as long as somebody waits somewhere, the loan goes on"
def on_wait(cpu, thread):
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    if not cpu.waits:
        cpu.priority[thread] = cpu.base[thread]


# %% id="end-of-the-chain-only" why="only the one at the end of the chain must hurry; K in between keeps its own"
def on_wait(cpu, thread):
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
    cpu.priority[thread] = max(cpu.priority[thread], lent)


def on_release(cpu, thread):
    lent = [cpu.priority[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])
