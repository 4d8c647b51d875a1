# %% id="forgets-to-rearm" why="a timer that was set once goes on firing"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    cpu.current = cpu.runq.popleft()


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()


# %% id="inherits-the-timeslice" why="the timer still runs when a thread ends, so the next one can use the rest"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        cpu.current = cpu.runq.popleft()
    else:
        cpu.current = None
        cpu.disarm()


# %% id="timer-left-armed" why="when nobody runs, the timer does not matter"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None


# %% id="stack-not-queue" why="where in the run queue a thread goes does not matter"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    cpu.runq.appendleft(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()


# %% id="takes-the-newest" why="the thread that was queued last runs next"
def on_start(cpu):
    cpu.current = cpu.runq.pop()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()


# %% id="loses-the-preempted" why="a thread that is preempted finds its own way back"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.arm(cpu.timeslice)


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()


# %% id="queues-the-ended" why="a thread that has ended goes to the end of the queue like any other"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        on_tick(cpu)
    else:
        cpu.current = None
        cpu.disarm()


# %% id="arms-one-too-long" why="the timer fires after the step that follows the timeslice"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice + 1)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()


# %% id="fixed-timeslice" why="every timeslice is 2, as in the first check"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.arm(2)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    on_start(cpu)


def on_exit(cpu):
    if cpu.runq:
        on_start(cpu)
    else:
        cpu.current = None
        cpu.disarm()
