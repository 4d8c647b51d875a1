# %% id="with-tables" why="looks the bits up in order"
def letter(state):
    for bits, shown in ((TASK_IDLE, "I"), (TASK_UNINTERRUPTIBLE, "D"), (TASK_PARKED, "P"), (TASK_INTERRUPTIBLE, "S")):
        if state & bits == bits:
            return shown
    return "R"


def woken_by(state):
    causes = {"event": state != 0, "kill": state & TASK_WAKEKILL or state & TASK_INTERRUPTIBLE, "signal": state & 1}
    return [cause for cause in causes if causes[cause]]


def counts(state):
    return state == 0 or (state & TASK_UNINTERRUPTIBLE != 0 and state & TASK_NOLOAD == 0)


def load_after(load, states, samples):
    if samples == 0:
        return load
    wanted = len([state for state in states if counts(state)]) * 2048
    up = 2047 if wanted >= load else 0
    return load_after((load * 1884 + wanted * 164 + up) // 2048, states, samples - 1)


# %% id="letter-decides" why="one function after the other, from the letter and the bits"
def letter(state):
    if not state:
        return "R"
    if state & TASK_INTERRUPTIBLE:
        return "S"
    if state & TASK_PARKED:
        return "P"
    return "ID"[state & TASK_NOLOAD == 0]


def woken_by(state):
    shown = letter(state)
    if shown == "R":
        return []
    if shown == "S":
        return ["event", "kill", "signal"]
    return ["event", "kill"] if state & TASK_WAKEKILL else ["event"]


def counts(state):
    return letter(state) == "R" or letter(state) == "D"


def load_after(load, states, samples):
    while samples > 0:
        wanted = 0
        for state in states:
            if counts(state):
                wanted += 2048
        total = load * 1884 + wanted * 164
        if wanted >= load:
            total += 2047
        load = total >> 11
        samples -= 1
    return load
