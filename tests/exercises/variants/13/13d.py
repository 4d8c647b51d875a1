# %% id="two-conditions" why="one mutex, and a condition for each thing that is waited for"
class Buffer:
    def __init__(self, size):
        self.size, self.loaves = size, []
        self.lock = Mutex("shelf")
        self.not_full, self.not_empty = Condition(self.lock, "not full"), Condition(self.lock, "not empty")

    def put(self, loaf):
        with self.lock:
            while len(self.loaves) == self.size:
                self.not_full.wait()
            self.loaves.append(loaf)
            self.not_empty.notify()

    def get(self):
        with self.lock:
            while not self.loaves:
                self.not_empty.wait()
            loaf = self.loaves.pop(0)
            self.not_full.notify()
            return loaf


# %% id="one-condition-wakes-all" why="one condition, and everybody looks again"
class Buffer:
    def __init__(self, size):
        self.size, self.loaves = size, []
        self.changed = Condition(name="changed")

    def put(self, loaf):
        with self.changed:
            self.changed.wait_for(lambda: len(self.loaves) < self.size)
            self.loaves = [*self.loaves, loaf]
            self.changed.notify_all()

    def get(self):
        with self.changed:
            self.changed.wait_for(lambda: self.loaves)
            loaf, *self.loaves = self.loaves
            self.changed.notify_all()
            return loaf


# %% id="a-ring-and-semaphores" why="a ring of places; bakers and buyers each have a lock of their own"
class Buffer:
    def __init__(self, size):
        self.ring, self.first, self.next = [None] * size, 0, 0
        self.putting, self.getting = Semaphore(1, "putting"), Semaphore(1, "getting")
        self.free, self.full = Semaphore(size, "free places"), Semaphore(0, "loaves there")

    def put(self, loaf):
        self.free.acquire()
        with self.putting:
            self.ring[self.next] = loaf
            self.next = (self.next + 1) % len(self.ring)
            self.full.release()

    def get(self):
        self.full.acquire()
        with self.getting:
            loaf = self.ring[self.first]
            self.first = (self.first + 1) % len(self.ring)
            self.free.release()
        return loaf
