# %% id="threads-report-into-a-set" why="each thread adds its own tid and a semaphore counts them in"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return {int(path.name) for path in pathlib.Path(folder).iterdir()}


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    from labkit import Semaphore

    here, go, own = Semaphore(0), Semaphore(0), set()
    before = task_tids()

    def member():
        own.add(threading.get_native_id())
        here.release()
        go.acquire()

    members = [spawn(member) for _ in range(n)]
    for _ in members:
        here.acquire()
    new = task_tids().difference(before)
    for _ in members:
        go.release()
    for thread in members:
        thread.join()
    return new, own


# %% id="asks-labkit-for-the-tid" why="current_thread().tid is the OS's number on this machine"
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    return set(map(int, os.listdir(folder)))


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    from labkit import Barrier, current_thread

    before, meet_all, leave = task_tids(), Barrier(n + 1), Barrier(n + 1)

    def member():
        meet_all.wait()
        leave.wait()
        return current_thread().tid

    threads = [spawn(member) for _ in range(n)]
    meet_all.wait()
    new = {tid for tid in task_tids() if tid not in before}
    leave.wait()
    return new, {thread.join() for thread in threads}
