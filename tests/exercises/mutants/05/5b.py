# %% id="pid-for-tid" why="the number of a thread is os.getpid()"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(name) for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return os.getpid()

    members = [spawn(member) for _ in range(n)]
    new = task_tids() - before
    stop.set()
    return new, {thread.join() for thread in members}


# %% id="tids-count-up-from-the-pid" why="tids are pid + 1, pid + 2, and so on"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(name) for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return threading.get_native_id()

    members = [spawn(member) for _ in range(n)]
    new = task_tids() - before
    stop.set()
    [thread.join() for thread in members]
    return new, {os.getpid() + 1 + i for i in range(n)}


# %% id="pthread-self-for-tid" why="get_ident() is the tid"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(name) for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return threading.get_ident()

    members = [spawn(member) for _ in range(n)]
    new = task_tids() - before
    stop.set()
    return new, {thread.join() for thread in members}


# %% id="texts-for-numbers" why="a tid is the name of a folder"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {name for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return str(threading.get_native_id())

    members = [spawn(member) for _ in range(n)]
    new = task_tids() - before
    stop.set()
    return new, {thread.join() for thread in members}


# %% id="looks-too-late" why="a thread stays in the list after its end"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(name) for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return threading.get_native_id()

    members = [spawn(member) for _ in range(n)]
    stop.set()
    own = {thread.join() for thread in members}
    return task_tids() - before, own


# %% id="forgets-who-was-there" why="all threads in the list are mine"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(name) for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return threading.get_native_id()

    members = [spawn(member) for _ in range(n)]
    new = task_tids()
    stop.set()
    return new, {thread.join() for thread in members}


# %% id="one-at-a-time" why="n threads are alive if n were spawned"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(name) for name in os.listdir(folder)}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    own = {spawn(threading.get_native_id).join() for _ in range(n)}
    return task_tids() - before, own


# %% id="believes-the-threads" why="what the threads report is what the kernel lists"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {thread.native_id for thread in threading.enumerate()}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return threading.get_native_id()

    members = [spawn(member) for _ in range(n)]
    new = task_tids() - before
    stop.set()
    return new, {thread.join() for thread in members}
