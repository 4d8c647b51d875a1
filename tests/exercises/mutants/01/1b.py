# %% id="every-thread-is-an-os-thread" why="a thread is a thread: the kernel has one for each"
def predicted():
    return {"cooks": 5, "bakers": 5, "clerks": 1000, "porters": 3, "twins": 1000}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="main-is-no-thread" why="main is the program, only what it spawns are threads"
def predicted():
    return {"cooks": 0, "bakers": 5, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="python-has-one-thread" why="Python's threads are not real: there is the GIL"
def predicted():
    return {"cooks": 0, "bakers": 0, "clerks": 0, "porters": 0, "twins": 0}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="the-pool-is-full" why="a pool of 8 has 8 threads"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 8, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="asyncio-adds-none" why="asyncio makes no threads, so clerks adds none"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 0, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="tasks-are-threads" why="each asyncio task is a thread of the system"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 1002}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="python-counts" why="threading knows all threads"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {thread.native_id for thread in threading.enumerate()}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="a-count-for-a-set" why="the number of folders is what matters"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return len(os.listdir("/proc/self/task"))


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(os_threads() - before))
    return counts[0]


# %% id="texts-for-numbers" why="a tid is what the folder is called"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return set(os.listdir("/proc/self/task"))


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="processes-for-threads" why="/proc lists the threads"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]


# %% id="what-is-there" why="what is there while the program looks is what it has made"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    counts = []
    program(lambda: counts.append(len(os_threads())))
    return counts[0]


# %% id="too-late" why="the count can wait until the program has ended"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    program(lambda: None)
    return len(os_threads() - before)


# %% id="too-early" why="both sets are taken before the program has made anything"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    now = os_threads()
    program(lambda: None)
    return len(now - before)


# %% id="two-numbers" why="the difference of two numbers is the number of new ones"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = len(os_threads())
    counts = []
    program(lambda: counts.append(len(os_threads()) - before))
    return counts[0]


# %% id="before-once-for-all" why="what was there when the cell was run is what was there before"
BEFORE = {int(name) for name in os.listdir("/proc/self/task")}


def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    counts = []
    program(lambda: counts.append(len(os_threads() - BEFORE)))
    return counts[0]


# %% id="learned-by-heart" why="the answers are known, nothing need be counted"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    return predicted().get(getattr(program, "__name__", ""), 0)


# %% id="forgets-to-return" why="to have counted is enough"
def predicted():
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}


def os_threads():
    return {int(name) for name in os.listdir("/proc/self/task")}


def added(program):
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
