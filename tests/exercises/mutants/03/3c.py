# %% id="busy-sleep" why="a sleeper looks at the clock again and again, and somebody must make it tick"
def run_threads(threads, clock):
    runq = deque((0, thread) for thread in threads)
    while runq:
        wake, thread = runq.popleft()
        if wake > clock.now:
            runq.append((wake, thread))
            if all(other > clock.now for other, _ in runq):
                clock.jump_to(clock.now + 1)
            continue
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        runq.append((clock.now + (seconds or 0), thread))

# %% id="sleep-stops-all" why="a sleep moves the clock at once, and the others wait"
def run_threads(threads, clock):
    runq = deque(threads)
    while runq:
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds:
            clock.jump_to(clock.now + seconds)
        runq.append(thread)

# %% id="wakes-in-order-of-sleep" why="who fell asleep first wakes first"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))

# %% id="latest-first" why="the heap gives the largest"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: -sleeper[0])

# %% id="equals-in-reverse" why="among equals it does not matter"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.insert(0, (clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="heap-compares-threads" why="a heap of (time, thread) sorts itself"
def run_threads(threads, clock):
    import heapq
    runq, sleepers = deque(threads), []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(heapq.heappop(sleepers)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            heapq.heappush(sleepers, (clock.now + seconds, thread))

# %% id="clock-does-not-wait" why="a jump wakes the next sleeper whether or not others can run"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if sleepers:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="sleepers-forgotten" why="when the run queue is empty, all is done"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="seconds-are-a-time" why="yield 3 means: wake me at 3"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="wakes-one-only" why="one jump wakes one thread"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="yield-alone-sleeps" why="whoever yields waits for the next tick"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread) or 1
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="yield-alone-ends" why="a thread that gives nothing back is done"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            continue
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="woken-go-first" why="who wakes has waited long enough and goes to the front"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.appendleft(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])

# %% id="whole-seconds" why="a clock shows whole seconds"
def run_threads(threads, clock):
    runq = deque(threads)
    sleepers = []
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + round(seconds), thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])
