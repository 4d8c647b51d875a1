# %% id="if-not-while" why="who is woken has the permit"
# ruff: noqa: F821  (names that the exercise gives)
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            if self.value == 0:
                self.some.wait()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="tells-only-at-zero" why="with permits left nobody can be waiting"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.some.wait()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            if self.value == 1:
                self.some.notify()


# %% id="busy-wait" why="waiting means looking until it is so"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.lock.release()
                self.lock.acquire()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="yield-spin" why="a polite loop is no busy one"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.lock.release()
                sched_yield()
                self.lock.acquire()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="one-permit-at-most" why="a semaphore is a flag: free or taken"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.some.wait()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value = 1
            self.some.notify()


# %% id="begins-with-one" why="a semaphore is a lock"
class Permits:

    def __init__(self, value):
        self.value = 1
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.some.wait()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="remembers-nothing" why="a release is a notify"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            self.some.wait()

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="locked-while-inside" why="the mutex is held from acquire to release"
class Permits:
    def __init__(self, value):
        self.lock = Mutex("permits")

    def acquire(self):
        self.lock.acquire()

    def release(self):
        self.lock.release()


# %% id="takes-outside-of-the-lock" why="the lock is for waiting"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.some.wait()
        self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="looks-before-it-locks" why="looking harms nobody"
class Permits:
    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        while self.value == 0:
            with self.lock:
                self.some.wait()
        with self.lock:
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="missing-unlock" why="who takes the last permit may keep the lock"
class Permits:
    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        self.lock.acquire()
        while self.value == 0:
            self.some.wait()
        self.value -= 1
        if self.value == 0:
            return
        self.lock.release()

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="prints-only" why="to say that none is left is to wait"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            if self.value == 0:
                print("no permit left")
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
            self.some.notify()


# %% id="release-tells-nobody" why="a permit is seen by whoever needs it"
class Permits:

    def __init__(self, value):
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")

    def acquire(self):
        with self.lock:
            while self.value == 0:
                self.some.wait()
            self.value -= 1

    def release(self):
        with self.lock:
            self.value += 1
