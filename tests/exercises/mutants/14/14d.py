# %% id="a-mutex" why="a lock keeps women and men apart"
class Bathroom:
    def __init__(self, n):
        self.lock = Mutex("bathroom")

    def enter(self, kind):
        self.lock.acquire()

    def leave(self, kind):
        self.lock.release()


# %% id="room-only" why="there is room for n people, so a semaphore that begins at n"
class Bathroom:
    def __init__(self, n):
        self.room = Semaphore(n, "room")

    def enter(self, kind):
        self.room.acquire()

    def leave(self, kind):
        self.room.release()


# %% id="light-switch-only" why="the light switch keeps the kinds apart, and that is the puzzle"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        with self.lock[kind]:
            self.count[kind] += 1
            if self.count[kind] == 1:
                self.empty.acquire()

    def leave(self, kind):
        with self.lock[kind]:
            self.count[kind] -= 1
            if self.count[kind] == 0:
                self.empty.release()


# %% id="first-out-opens" why="whoever leaves opens for the others"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        with self.lock[kind]:
            self.count[kind] += 1
            if self.count[kind] == 1:
                self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        with self.lock[kind]:
            self.count[kind] -= 1
        self.empty.release()


# %% id="everybody-switches" why="whoever comes closes, whoever leaves opens"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        self.empty.release()


# %% id="counts-without-a-mutex" why="adding one is one step"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        if True:
            self.count[kind] += 1
            if self.count[kind] == 1:
                self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        if True:
            self.count[kind] -= 1
            if self.count[kind] == 0:
                self.empty.release()


# %% id="tests-after-the-lock" why="the lock is for the count, the test may come after it"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        with self.lock[kind]:
            self.count[kind] += 1
        if self.count[kind] == 1:
            self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        with self.lock[kind]:
            self.count[kind] -= 1
            if self.count[kind] == 0:
                self.empty.release()


# %% id="light-is-a-mutex" why="a semaphore that begins at 1 is a mutex, so a mutex will do"
class Bathroom:
    def __init__(self, n):
        self.empty = Mutex("empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}

    def enter(self, kind):
        with self.lock[kind]:
            self.count[kind] += 1
            if self.count[kind] == 1:
                self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        with self.lock[kind]:
            self.count[kind] -= 1
            if self.count[kind] == 0:
                self.empty.release()


# %% id="waits-for-the-other-kind-only" why="the story forbids the other kind"
class Bathroom:
    def __init__(self, n):
        self.n, self.inside = n, {"W": 0, "M": 0}
        self.lock = Mutex("bathroom")
        self.changed = Condition(self.lock, "changed")

    def enter(self, kind):
        other = "M" if kind == "W" else "W"
        with self.lock:
            while self.inside[other] > 0:
                self.changed.wait()
            self.inside[kind] += 1

    def leave(self, kind):
        with self.lock:
            self.inside[kind] -= 1
            self.changed.notify_all()


# %% id="if-for-while" why="who is woken may come in"
class Bathroom:
    def __init__(self, n):
        self.n, self.inside = n, {"W": 0, "M": 0}
        self.lock = Mutex("bathroom")
        self.changed = Condition(self.lock, "changed")

    def enter(self, kind):
        other = "M" if kind == "W" else "W"
        with self.lock:
            if self.inside[other] > 0 or self.inside[kind] == self.n:
                self.changed.wait()
            self.inside[kind] += 1

    def leave(self, kind):
        with self.lock:
            self.inside[kind] -= 1
            self.changed.notify_all()


# %% id="looks-then-locks" why="the lock is for the change, looking changes nothing"
class Bathroom:
    def __init__(self, n):
        self.n, self.inside = n, {"W": 0, "M": 0}
        self.lock = Mutex("bathroom")
        self.changed = Condition(self.lock, "changed")

    def enter(self, kind):
        other = "M" if kind == "W" else "W"
        while self.inside[other] > 0 or self.inside[kind] == self.n:
            sched_yield()
        with self.lock:
            self.inside[kind] += 1

    def leave(self, kind):
        with self.lock:
            self.inside[kind] -= 1
            self.changed.notify_all()


# %% id="wakes-one" why="one leaves, so one may come"
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
            self.changed.notify()


# %% id="two-people" why="room for two, as in the picture"
class Bathroom:
    def __init__(self, n):
        self.empty = Semaphore(1, "empty")
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(2, "room for women"), "M": Semaphore(2, "room for men")}

    def enter(self, kind):
        with self.lock[kind]:
            self.count[kind] += 1
            if self.count[kind] == 1:
                self.empty.acquire()
        self.room[kind].acquire()

    def leave(self, kind):
        self.room[kind].release()
        with self.lock[kind]:
            self.count[kind] -= 1
            if self.count[kind] == 0:
                self.empty.release()
