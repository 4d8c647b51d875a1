# %% id="each-by-itself" why="no function calls another"
def on_start(cpu):
    cpu.arm(cpu.timeslice)
    cpu.current = cpu.runq[0]
    del cpu.runq[0]


def on_tick(cpu):
    preempted, cpu.current = cpu.current, None
    cpu.runq.append(preempted)
    cpu.arm(cpu.timeslice)
    cpu.current = cpu.runq.popleft()


def on_exit(cpu):
    if not cpu.runq:
        cpu.disarm()
        cpu.current = None
        return
    cpu.current = cpu.runq.popleft()
    cpu.arm(cpu.timeslice)


# %% id="one-next-for-all" why="a helper of one's own that also knows the empty queue"
def next_one(cpu):
    cpu.disarm()
    cpu.current = cpu.runq.popleft() if cpu.runq else None
    if cpu.current:
        cpu.arm(cpu.timeslice)


def on_start(cpu):
    next_one(cpu)


def on_tick(cpu):
    cpu.runq.append(cpu.current)
    next_one(cpu)


def on_exit(cpu):
    next_one(cpu)


# %% id="rotates" why="the running thread is kept at the head of the queue until a tick rotates it"
def on_start(cpu):
    cpu.current = cpu.runq.popleft()
    cpu.left = cpu.timeslice


def on_tick(cpu):
    cpu.runq.appendleft(cpu.current)
    cpu.runq.rotate(-1)
    on_start(cpu)


def on_exit(cpu):
    try:
        on_start(cpu)
    except IndexError:
        cpu.current = cpu.left = None
