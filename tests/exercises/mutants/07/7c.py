# %% id="not-reusable" why="a barrier opens once"
# ruff: noqa: F821  (names that the exercise gives)
class Gate:

    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.round += 1
                self.opened.notify_all()
            while self.round == mine:
                self.opened.wait()


# %% id="sleeps-on-the-count" why="when the count is back at 0 the sleepers are through"
class Gate:
    def __init__(self, n):
        self.n, self.come = n, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.opened.notify_all()
            else:
                while self.come < self.n:
                    self.opened.wait()


# %% id="reset-after-unlock" why="nobody comes back before the last one has tidied up"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            last = self.come == self.n
            if last:
                self.round += 1
                self.opened.notify_all()
            while self.round == mine:
                self.opened.wait()
        if last:
            self.come = 0


# %% id="hard-coded-two" why="a barrier is for two"
class Gate:

    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == 2:
                self.come = 0
                self.round += 1
                self.opened.notify_all()
            while self.round == mine:
                self.opened.wait()


# %% id="if-not-while" why="who is woken is let through"
class Gate:

    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.round += 1
                self.opened.notify_all()
            if self.round == mine:
                self.opened.wait()


# %% id="notify-not-all" why="a notify is for all"
class Gate:

    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.round += 1
                self.opened.notify()
            while self.round == mine:
                self.opened.wait()


# %% id="busy-wait" why="waiting means looking until it is so"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.round += 1
        while self.round == mine:
            pass


# %% id="yield-spin" why="a polite loop is no busy one"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")

    def wait(self):
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.round += 1
        while self.round == mine:
            sched_yield()


# %% id="prints-only" why="to say that all are here is to be a barrier"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.lock = n, 0, Mutex("gate")

    def wait(self):
        with self.lock:
            self.come += 1
            if self.come % self.n == 0:
                print("all are here")


# %% id="counts-down-on-leaving" why="who leaves takes its one away, so the count is right for the next round"
class Gate:
    def __init__(self, n):
        self.n, self.come = n, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            self.come += 1
            if self.come == self.n:
                self.opened.notify_all()
            while self.come < self.n:
                self.opened.wait()
            self.come -= 1


# %% id="last-to-leave-resets" why="there is time until the last one has left"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.left = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        with self.lock:
            self.come += 1
            if self.come == self.n:
                self.opened.notify_all()
            while self.come < self.n:
                self.opened.wait()
            self.left += 1
            if self.left == self.n:
                self.come, self.left = 0, 0


# %% id="counts-without-the-lock" why="adding one is a single step"
class Gate:
    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        mine = self.round
        self.come += 1
        with self.lock:
            if self.come == self.n:
                self.come = 0
                self.round += 1
                self.opened.notify_all()
            while self.round == mine:
                self.opened.wait()


# %% id="missing-unlock" why="the last one to come is done"
class Gate:

    def __init__(self, n):
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")

    def wait(self):
        self.lock.acquire()
        if True:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.round += 1
                self.opened.notify_all()
                return
            while self.round == mine:
                self.opened.wait()
            self.lock.release()
