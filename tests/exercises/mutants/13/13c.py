# %% id="used-once-only" why="a gate that is open is open"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.gate = Semaphore(0, "gate")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.gate.release()
        self.gate.acquire()
        self.gate.release()


# %% id="one-gate" why="n permits for n hikers: each takes one"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.gate = Semaphore(0, "gate")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.gate.release(self.n)
        self.gate.acquire()


# %% id="reset-after-the-lock" why="the count may be set back when there is time"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.all_came = Condition(self.lock, "all came")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.all_came.notify_all()
            while self.count < self.n:
                self.all_came.wait()
        self.count = 0


# %% id="waits-for-the-count" why="the round is over when the count is n, so wait for that"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.all_came = Condition(self.lock, "all came")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.all_came.notify_all()
            else:
                while self.count < self.n:
                    self.all_came.wait()


# %% id="notify-for-notify-all" why="whoever is woken wakes the rest by going on"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count, self.round = n, 0, 0
        self.lock = Mutex("count")
        self.all_came = Condition(self.lock, "all came")

    def wait(self):
        with self.lock:
            mine = self.round
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.round += 1
                self.all_came.notify()
            while self.round == mine:
                self.all_came.wait()


# %% id="hard-coded-two" why="two hikers, as in the example"
class ReusableBarrier:
    def __init__(self, n):
        self.count, self.round = 0, 0
        self.lock = Mutex("count")
        self.all_came = Condition(self.lock, "all came")

    def wait(self):
        with self.lock:
            mine = self.round
            self.count += 1
            if self.count == 2:
                self.count = 0
                self.round += 1
                self.all_came.notify_all()
            while self.round == mine:
                self.all_came.wait()


# %% id="sleeps-with-the-mutex" why="coming and waiting belong together, so one lock around both"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.gate = Semaphore(0, "gate")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.gate.release(self.n)
            self.gate.acquire()


# %% id="counts-without-a-mutex" why="adding one is one step"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count, self.going = n, 0, 0
        self.first, self.second = Semaphore(0, "first gate"), Semaphore(0, "second gate")

    def wait(self):
        self.count += 1
        if self.count == self.n:
            self.first.release(self.n)
        self.first.acquire()
        self.count -= 1
        if self.count == 0:
            self.second.release(self.n)
        self.second.acquire()


# %% id="spins" why="looking again and again is a way of waiting"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count, self.round = n, 0, 0
        self.lock = Mutex("count")

    def wait(self):
        with self.lock:
            mine = self.round
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.round += 1
        while self.round == mine:
            sched_yield()


# %% id="if-for-while" why="who wakes has been notified"
class ReusableBarrier:
    def __init__(self, n):
        self.n, self.count = n, 0
        self.lock = Mutex("count")
        self.all_came = Condition(self.lock, "all came")

    def wait(self):
        with self.lock:
            self.count += 1
            if self.count == self.n:
                self.count = 0
                self.all_came.notify_all()
            else:
                self.all_came.wait()
