# %% id="mutex-and-condition" why="count those inside, and wait while they are n"
class Multiplex:
    def __init__(self, n):
        self.n, self.inside = n, 0
        self.lock = Mutex("door")
        self.left = Condition(self.lock, "somebody left")

    def enter(self):
        with self.lock:
            while self.inside == self.n:
                self.left.wait()
            self.inside += 1

    def leave(self):
        with self.lock:
            self.inside -= 1
            self.left.notify()


# %% id="counts-free-chairs" why="count what is free, and wake all each time"
class Multiplex:
    def __init__(self, n):
        self.free = n
        self.changed = Condition(name="changed")

    def enter(self):
        with self.changed:
            self.changed.wait_for(lambda: self.free > 0)
            self.free -= 1

    def leave(self):
        with self.changed:
            self.free += 1
            self.changed.notify_all()


# %% id="a-semaphore-for-each" why="who finds no chair waits at a semaphore of its own, and is given the chair"
class Multiplex:
    def __init__(self, n):
        self.free = n
        self.lock = Semaphore(1, "lock")
        self.queue = []

    def enter(self):
        self.lock.acquire()
        if self.free > 0:
            self.free -= 1
            self.lock.release()
        else:
            mine = Semaphore(0, "my turn")
            self.queue.append(mine)
            self.lock.release()
            mine.acquire()

    def leave(self):
        self.lock.acquire()
        if self.queue:
            self.queue.pop(0).release()
        else:
            self.free += 1
        self.lock.release()
