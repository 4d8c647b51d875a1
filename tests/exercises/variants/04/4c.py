# %% id="longhand" why="verbs instead of with, and everything undone in finally"
# ruff: noqa: F821  (names that the exercise gives)
def masked(action):
    found = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    signal.pthread_sigmask(signal.SIG_SETMASK, found | {signal.SIGALRM})
    try:
        result = action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, found)
    return result


def add_guarded(box, times):
    done = 0
    while done < times:
        think()
        with no_preempt():
            seen = box.get()
            box.put(seen + 1)
        done += 1


def add_locked(box, times):
    while times:
        think()
        box.lock.acquire()
        try:
            seen = box.get()
            box.put(seen + 1)
        finally:
            box.lock.release()
        times -= 1


# %% id="unblock-only-if-ours" why="takes back only what it added; guards and locks in helpers"
def masked(action):
    ours = signal.SIGALRM not in signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    try:
        return action()
    finally:
        if ours:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])


def add_one(box):
    box.put(1 + box.get())


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            add_one(box)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock, no_preempt:
            add_one(box)
