# %% id="one-more-than-n" why="n chairs, and one may stand"
class Multiplex:
    def __init__(self, n):
        self.chairs = Semaphore(n + 1, "chairs")

    def enter(self):
        self.chairs.acquire()

    def leave(self):
        self.chairs.release()


# %% id="a-mutex" why="a lock keeps the room in order"
class Multiplex:
    def __init__(self, n):
        self.door = Mutex("door")

    def enter(self):
        self.door.acquire()

    def leave(self):
        self.door.release()


# %% id="hard-coded-two" why="the example has two chairs"
class Multiplex:
    def __init__(self, n):
        self.chairs = Semaphore(2, "chairs")

    def enter(self):
        self.chairs.acquire()

    def leave(self):
        self.chairs.release()


# %% id="never-gives-back" why="who leaves the room has nothing to say"
class Multiplex:
    def __init__(self, n):
        self.chairs = Semaphore(n, "chairs")

    def enter(self):
        self.chairs.acquire()

    def leave(self):
        pass


# %% id="if-for-while" why="who is woken finds a free chair"
class Multiplex:
    def __init__(self, n):
        self.n, self.inside = n, 0
        self.lock = Mutex("door")
        self.left = Condition(self.lock, "somebody left")

    def enter(self):
        with self.lock:
            if self.inside == self.n:
                self.left.wait()
            self.inside += 1

    def leave(self):
        with self.lock:
            self.inside -= 1
            self.left.notify()


# %% id="leaves-in-silence" why="who waits sees that the count has changed"
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


# %% id="looks-then-counts" why="a look is safe, only writing needs the lock"
class Multiplex:
    def __init__(self, n):
        self.n, self.inside = n, 0
        self.lock = Mutex("door")
        self.left = Condition(self.lock, "somebody left")

    def enter(self):
        with self.lock:
            while self.inside == self.n:
                self.left.wait()
        with self.lock:
            self.inside += 1

    def leave(self):
        with self.lock:
            self.inside -= 1
            self.left.notify()


# %% id="waits-holding-the-lock" why="the count is safe while I wait, for I hold its lock"
class Multiplex:
    def __init__(self, n):
        self.lock = Mutex("door")
        self.chairs = Semaphore(n, "chairs")

    def enter(self):
        with self.lock:
            self.chairs.acquire()

    def leave(self):
        with self.lock:
            self.chairs.release()


# %% id="spins" why="looking again and again is a way of waiting"
class Multiplex:
    def __init__(self, n):
        self.n, self.inside = n, 0
        self.lock = Mutex("door")

    def enter(self):
        while True:
            with self.lock:
                if self.inside < self.n:
                    self.inside += 1
                    return

    def leave(self):
        with self.lock:
            self.inside -= 1
