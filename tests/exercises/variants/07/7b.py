# %% id="below-zero" why="a value below 0 counts those who wait, and woken ones are counted apart"
class Permits:
    def __init__(self, value):
        self.value, self.woken = value, 0
        self.changed = Condition(name="changed")

    def acquire(self):
        with self.changed:
            self.value -= 1
            if self.value < 0:
                while not self.woken:
                    self.changed.wait()
                self.woken -= 1

    def release(self):
        with self.changed:
            self.value += 1
            if self.value <= 0:
                self.woken += 1
                self.changed.notify()


# %% id="wait-for-and-all" why="verbs instead of with, wait_for instead of the loop, and everybody is woken"
class Permits:
    def __init__(self, value):
        self.lock = Mutex()
        self.changed = Condition(self.lock)
        self.left = value

    def acquire(self):
        self.lock.acquire()
        self.changed.wait_for(lambda: self.left > 0)
        self.left -= 1
        self.lock.release()

    def release(self):
        self.lock.acquire()
        self.left = self.left + 1
        self.changed.notify_all()
        self.lock.release()


# %% id="a-list-of-permits" why="the permits are things in a list"
class Permits:
    def __init__(self, value):
        self.bowl = ["permit"] * value
        self.filled = Condition(name="filled")

    def acquire(self):
        with self.filled:
            while not self.bowl:
                self.filled.wait()
            self.bowl.pop()

    def release(self):
        with self.filled:
            self.filled.notify()
            self.bowl.append("permit")
