# %% id="look-first" why="looks until it is free, then tries: fewer writes"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while True:
            while self.flag.load():
                pass
            if self.flag.compare_exchange(False, True):
                break
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.owner = None
        self.flag.store(False)


# %% id="try-lock" why="a helper that tries once; a condition turned round"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def try_it(self):
        got = self.flag.compare_exchange(False, True)
        if got:
            self.owner = current_thread()
        return got

    def acquire(self):
        while not self.try_it():
            continue

    def release(self):
        if self.owner is current_thread():
            self.owner = None
            self.flag.store(False)
        else:
            raise RuntimeError(f"{current_thread().name} does not have the lock")


# %% id="yields" why="gives the processor away after each failed try"
from labkit import sched_yield


class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            sched_yield()
        self.owner = current_thread()

    def release(self):
        if self.owner != current_thread():
            raise RuntimeError
        self.owner = None
        self.flag.exchange(False)
