# %% id="idle-is-load" why="I is a kind of D, so both count"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RDI"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="only-running-is-load" why="load is who uses the processor"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) == "R"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="sleepers-are-load" why="who waits wants something"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RDS"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="compares-states" why="a state is one number: TASK_UNINTERRUPTIBLE is D and all else is not"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state in (TASK_UNINTERRUPTIBLE, TASK_IDLE):
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="d-before-noload" why="the D bit says D"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="kill-wakes-all" why="nothing resists kill -9"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"]
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="killable-hears-signals" why="killable is a kind of interruptible"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="running-is-woken" why="an event wakes everybody"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] 


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="one-sample" why="the load is a mean, one step is enough"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    if samples:
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) // 2048
    return load


# %% id="never-rounds-up" why="// rounds down, so it is right"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + 0) // 2048
    return load


# %% id="always-rounds-up" why="up is 2047"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + 2047) // 2048
    return load


# %% id="with-fractions" why="a mean has fractions"
def letter(state):
    if state == TASK_RUNNING:
        return "R"
    if state & TASK_UNINTERRUPTIBLE:
        return "I" if state & TASK_NOLOAD else "D"
    return "P" if state & TASK_PARKED else "S"


def woken_by(state):
    kill = ["kill"] if state & (TASK_WAKEKILL | TASK_INTERRUPTIBLE) else []
    return ["event", *kill, *(["signal"] if state & TASK_INTERRUPTIBLE else [])] if state else []


def counts(state):
    return letter(state) in "RD"


def load_after(load, states, samples):
    wanted = 2048 * sum(counts(state) for state in states)
    for _ in range(samples):
        load = (load * 1884 + wanted * 164 + (2047 if wanted >= load else 0)) / 2048
    return round(load)
