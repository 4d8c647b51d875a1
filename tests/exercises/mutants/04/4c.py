# %% id="restores-wrong-mask" why="to put the mask back means to unblock the signal"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="restores-empty-mask" why="nothing was blocked before"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, set())


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="forgets-the-exception" why="action always comes to its end"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    result = action()
    signal.pthread_sigmask(signal.SIG_SETMASK, old)
    return result


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="lost-tick-while-masked" why="to ignore a signal for a while is the same as to mask it"
def masked(action):
    old = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        return action()
    finally:
        signal.signal(signal.SIGALRM, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="drops-the-result" why="masked is called for what action does, not for what it gives"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="blocks-nothing-else-left" why="SIG_SETMASK blocks SIGALRM just as well as SIG_BLOCK, and unblocks what was blocked"
def masked(action):
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="guards-the-write-only" why="only the write changes the box, so only the write needs a guard"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        seen = box.get()
        with no_preempt:
            box.put(seen + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="guards-the-thinking-too" why="more guard is more safety"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    with no_preempt:
        for _ in range(times):
            think()
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            box.put(box.get() + 1)


# %% id="locks-the-write-only" why="only the write changes the box, so only the write needs the lock"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        seen = box.get()
        with box.lock:
            box.put(seen + 1)


# %% id="locks-the-whole-loop" why="one lock around everything is the safest"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    with box.lock:
        for _ in range(times):
            think()
            box.put(box.get() + 1)


# %% id="locks-each-alone" why="the read is locked and the write is locked"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        with box.lock:
            seen = box.get()
        with box.lock:
            box.put(seen + 1)


# %% id="a-lock-of-its-own" why="any lock will do"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    lock = Mutex()
    for _ in range(times):
        think()
        with lock:
            box.put(box.get() + 1)


# %% id="lock-kept-on-exception" why="put always comes to its end"
def masked(action):
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        return action()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def add_guarded(box, times):
    for _ in range(times):
        think()
        with no_preempt:
            box.put(box.get() + 1)


def add_locked(box, times):
    for _ in range(times):
        think()
        box.lock.acquire()
        box.put(box.get() + 1)
        box.lock.release()
