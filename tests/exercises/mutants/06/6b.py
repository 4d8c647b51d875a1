# %% id="test-then-set" why="who has seen that it is free may set it"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while self.flag.load():
            pass
        self.flag.store(True)
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.owner = None
        self.flag.store(False)


# %% id="tests-and-ignores-the-answer" why="after the look, setting it cannot fail"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while self.flag.load():
            pass
        self.flag.compare_exchange(False, True)
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.owner = None
        self.flag.store(False)


# %% id="tries-once" why="test-and-set waits until the flag is free"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        self.flag.compare_exchange(False, True)
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.owner = None
        self.flag.store(False)


# %% id="anybody-unlocks" why="release means: the flag is False"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()

    def release(self):
        self.owner = None
        self.flag.store(False)


# %% id="anybody-unlocks-what-is-taken" why="a lock that is taken may be released"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()

    def release(self):
        if not self.flag.load():
            raise RuntimeError("nobody has it")
        self.owner = None
        self.flag.store(False)


# %% id="complains-and-unlocks" why="raising is enough"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()

    def release(self):
        mine = self.owner is current_thread()
        self.owner = None
        self.flag.store(False)
        if not mine:
            raise RuntimeError("not yours")


# %% id="flag-before-owner" why="the order of two lines at the end does not matter"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.flag.store(False)
        self.owner = None


# %% id="owner-before-flag" why="who wants it may write down the name already"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        self.owner = current_thread()
        while not self.flag.compare_exchange(False, True):
            pass

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.owner = None
        self.flag.store(False)


# %% id="forgets-to-unlock" why="the owner is what counts"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.owner = None


# %% id="forgets-the-owner" why="the flag is what counts"
class TasLock:
    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()

    def release(self):
        if self.owner is not current_thread():
            raise RuntimeError("not yours")
        self.flag.store(False)
