# %% id="two-gates" why="two turnstiles, one for coming and one for going, opened for all at once"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.first, self.second = Semaphore(0, "first gate"), Semaphore(0, "second gate")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.first.release(self.n)
        self.first.acquire()
        with self.lock:
            self.count -= 1
            if self.count == 0:
                self.second.release(self.n)
        self.second.acquire()


# %% id="coming-and-going" why="wait until all have come, and let nobody come before all have gone"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.inside, self.leaving = n, 0, False
        self.lock = Mutex("barrier")
        self.changed = Condition(self.lock, "changed")

    def wait(self):
        with self.lock:
            while self.leaving:
                self.changed.wait()
            self.inside += 1
            if self.inside == self.n:
                self.leaving = True
                self.changed.notify_all()
            while not self.leaving:
                self.changed.wait()
            self.inside -= 1
            if self.inside == 0:
                self.leaving = False
                self.changed.notify_all()


# %% id="a-gate-for-each-round" why="every round has a semaphore of its own"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.gate = Semaphore(0, "gate")

    def wait(self):
        with self.lock:
            gate = self.gate
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.gate = Semaphore(0, "gate")
                gate.release(self.n)
        gate.acquire()


# %% id="counts-all-comings" why="the number of comings says which round it is"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.comings = n, 0
        self.somebody = Condition(name="somebody came")

    def wait(self):
        with self.somebody:
            needed = (self.comings // self.n + 1) * self.n
            self.comings += 1
            if self.comings == needed:
                self.somebody.notify_all()
            self.somebody.wait_for(lambda: self.comings >= needed)
