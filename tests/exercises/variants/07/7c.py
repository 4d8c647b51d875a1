# %% id="sense-reversing" why="a side instead of a number: left and right in turn"
# ruff: noqa: F821  (names that the exercise gives)
class Gate:
    def __init__(self, n):
        self.missing = self.n = n
        self.side = "left"
        self.turned = Condition(name="turned")

    def wait(self):
        with self.turned:
            before = self.side
            self.missing -= 1
            if self.missing:
                while self.side == before:
                    self.turned.wait()
            else:
                self.missing = self.n
                self.side = "right" if before == "left" else "left"
                self.turned.notify_all()


# %% id="two-turnstiles" why="two semaphores: one opens when all have come, the other when all have left"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.lock = n, 0, Mutex("gate")
        self.way_in, self.way_out = Semaphore(0, name="in"), Semaphore(0, name="out")

    def wait(self):
        with self.lock:
            self.come += 1
            if self.come == self.n:
                self.way_in.release(self.n)
        self.way_in.acquire()
        with self.lock:
            self.come -= 1
            if self.come == 0:
                self.way_out.release(self.n)
        self.way_out.acquire()


# %% id="a-list-for-each-round" why="each round has a list of its own"
class Gate:
    def __init__(self, n):
        self.n, self.here = n, []
        self.full = Condition(name="full")

    def wait(self):
        with self.full:
            here = self.here
            here.append("one more")
            if len(here) == self.n:
                self.here = []
                self.full.notify_all()
            self.full.wait_for(lambda: len(here) == self.n)
