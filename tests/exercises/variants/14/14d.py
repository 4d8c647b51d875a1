# %% id="mutex-and-condition" why="count the people of each kind under one mutex"
class Bathroom:
    def __init__(self, n):
        self.n, self.inside = n, {"W": 0, "M": 0}
        self.lock = Mutex("bathroom")
        self.changed = Condition(self.lock, "changed")

    def enter(self, kind):
        other = "M" if kind == "W" else "W"
        with self.lock:
            while self.inside[other] > 0 or self.inside[kind] == self.n:
                self.changed.wait()
            self.inside[kind] += 1

    def leave(self, kind):
        with self.lock:
            self.inside[kind] -= 1
            self.changed.notify_all()


# %% id="only-semaphores" why="Downey's answer: a light switch and a multiplex for each kind"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Semaphore(1, "women"), "M": Semaphore(1, "men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        with self.lock[kind]:
            self.count[kind] += 1
            if self.count[kind] == 1:
                self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        self.lock[kind].acquire()
        self.count[kind] -= 1
        if self.count[kind] == 0:
            self.empty.release()
        self.lock[kind].release()


# %% id="predicates" why="wait_for says what is waited for"
class Bathroom:
    def __init__(self, n):
        self.n, self.kind, self.inside = n, "", 0
        self.changed = Condition(name="changed")

    def enter(self, kind):
        with self.changed:
            self.changed.wait_for(lambda: self.inside == 0 or (self.kind == kind and self.inside < self.n))
            self.kind = kind
            self.inside += 1

    def leave(self, kind):
        with self.changed:
            self.inside -= 1
            self.changed.notify_all()
