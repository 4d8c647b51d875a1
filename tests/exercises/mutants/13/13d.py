# %% id="no-upper-end" why="a list grows, so put need not wait"
class Buffer:
    def __init__(self, size):
        self.loaves = []
        self.lock = Mutex("shelf")
        self.full = Semaphore(0, "loaves there")

    def put(self, loaf):
        with self.lock:
            self.loaves.append(loaf)
        self.full.release()

    def get(self):
        self.full.acquire()
        with self.lock:
            return self.loaves.pop(0)


# %% id="last-in-first-out" why="pop takes a loaf, whichever"
class Buffer:
    def __init__(self, size):
        self.loaves = []
        self.lock = Mutex("shelf")
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        self.free.acquire()
        with self.lock:
            self.loaves.append(loaf)
        self.full.release()

    def get(self):
        self.full.acquire()
        with self.lock:
            loaf = self.loaves.pop()
        self.free.release()
        return loaf


# %% id="waits-with-the-mutex" why="first the lock, then everything else is safe"
class Buffer:
    def __init__(self, size):
        self.loaves = []
        self.lock = Mutex("shelf")
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        with self.lock:
            self.free.acquire()
            self.loaves.append(loaf)
            self.full.release()

    def get(self):
        with self.lock:
            self.full.acquire()
            loaf = self.loaves.pop(0)
            self.free.release()
        return loaf


# %% id="if-for-while" why="who is woken finds what it waited for"
class Buffer:
    def __init__(self, size):
        self.size, self.loaves = size, []
        self.lock = Mutex("shelf")
        self.not_full, self.not_empty = Condition(self.lock, "not full"), Condition(self.lock, "not empty")

    def put(self, loaf):
        with self.lock:
            if len(self.loaves) == self.size:
                self.not_full.wait()
            self.loaves.append(loaf)
            self.not_empty.notify()

    def get(self):
        with self.lock:
            if not self.loaves:
                self.not_empty.wait()
            loaf = self.loaves.pop(0)
            self.not_full.notify()
            return loaf


# %% id="one-condition-notify" why="one condition will do: notify wakes somebody"
class Buffer:
    def __init__(self, size):
        self.size, self.loaves = size, []
        self.lock = Mutex("shelf")
        self.changed = Condition(self.lock, "changed")

    def put(self, loaf):
        with self.lock:
            while len(self.loaves) == self.size:
                self.changed.wait()
            self.loaves.append(loaf)
            self.changed.notify()

    def get(self):
        with self.lock:
            while not self.loaves:
                self.changed.wait()
            loaf = self.loaves.pop(0)
            self.changed.notify()
            return loaf


# %% id="says-it-before-it-is-there" why="the order of two lines that both get done does not matter"
class Buffer:
    def __init__(self, size):
        self.loaves = []
        self.lock = Mutex("shelf")
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        self.free.acquire()
        self.full.release()
        with self.lock:
            self.loaves.append(loaf)

    def get(self):
        self.full.acquire()
        with self.lock:
            loaf = self.loaves.pop(0)
        self.free.release()
        return loaf


# %% id="no-mutex-around-the-ring" why="the semaphores keep bakers and buyers apart, that is enough"
class Buffer:
    def __init__(self, size):
        self.ring, self.first, self.next = [None] * size, 0, 0
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        self.free.acquire()
        self.ring[self.next] = loaf
        self.next = (self.next + 1) % len(self.ring)
        self.full.release()

    def get(self):
        self.full.acquire()
        loaf = self.ring[self.first]
        self.first = (self.first + 1) % len(self.ring)
        self.free.release()
        return loaf


# %% id="forgets-the-free-place" why="who buys a loaf has nothing to tell a baker"
class Buffer:
    def __init__(self, size):
        self.loaves = []
        self.lock = Mutex("shelf")
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        self.free.acquire()
        with self.lock:
            self.loaves.append(loaf)
        self.full.release()

    def get(self):
        self.full.acquire()
        with self.lock:
            return self.loaves.pop(0)


# %% id="one-place-only" why="one loaf at a time is safest"
class Buffer:
    def __init__(self, size):
        self.free, self.full = Semaphore(1, "free place"), Semaphore(0, "loaf there")

    def put(self, loaf):
        self.free.acquire()
        self.loaf = loaf
        self.full.release()

    def get(self):
        self.full.acquire()
        loaf = self.loaf
        self.free.release()
        return loaf


# %% id="spins" why="looking again and again is a way of waiting"
class Buffer:
    def __init__(self, size):
        self.size, self.loaves = size, []
        self.lock = Mutex("shelf")

    def put(self, loaf):
        while len(self.loaves) == self.size:
            sched_yield()
        with self.lock:
            self.loaves.append(loaf)

    def get(self):
        while not self.loaves:
            sched_yield()
        with self.lock:
            return self.loaves.pop(0)


# %% id="one-lock-of-its-own-for-each-call" why="every with needs a lock, so make one"
class Buffer:
    def __init__(self, size):
        self.ring, self.first, self.next = [None] * size, 0, 0
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        self.free.acquire()
        with Mutex("shelf"):
            self.ring[self.next] = loaf
            self.next = (self.next + 1) % len(self.ring)
        self.full.release()

    def get(self):
        self.full.acquire()
        with Mutex("shelf"):
            loaf = self.ring[self.first]
            self.first = (self.first + 1) % len(self.ring)
        self.free.release()
        return loaf
