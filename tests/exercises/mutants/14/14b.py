# %% id="any-three" why="a molecule is three atoms"
class Water:
    def __init__(self):
        self.lock = Mutex("count")
        self.count = 0
        self.go = Semaphore(0, "go")

    def bond(self, kind):
        with self.lock:
            self.count += 1
            if self.count == 3:
                self.count = 0
                self.go.release(3)
        self.go.acquire()


# %% id="counts-without-a-mutex" why="adding one is one step"
class Water:
    def __init__(self):
        self.waiting = {"H": 0, "O": 0}
        self.go = {"H": Semaphore(0, "H may go"), "O": Semaphore(0, "O may go")}

    def bond(self, kind):
        self.waiting[kind] += 1
        if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:
            self.waiting["H"] -= 2
            self.waiting["O"] -= 1
            self.go["H"].release(2)
            self.go["O"].release()
        self.go[kind].acquire()


# %% id="waits-with-the-lock" why="the counts may not change until I have gone on"
class Water:
    def __init__(self):
        self.lock = Mutex("counts")
        self.waiting = {"H": 0, "O": 0}
        self.go = {"H": Semaphore(0, "H may go"), "O": Semaphore(0, "O may go")}

    def bond(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:
                self.waiting["H"] -= 2
                self.waiting["O"] -= 1
                self.go["H"].release(2)
                self.go["O"].release()
            self.go[kind].acquire()


# %% id="oxygen-is-the-last" why="the O comes last and opens for the others"
class Water:
    def __init__(self):
        self.hydrogen, self.go = Semaphore(0, "H is here"), Semaphore(0, "H may go")

    def bond(self, kind):
        if kind == "H":
            self.hydrogen.release()
            self.go.acquire()
        else:
            self.hydrogen.acquire()
            self.go.release(2)


# %% id="forgets-to-count-down" why="whoever has gone on is no longer counted anywhere"
class Water:
    def __init__(self):
        self.lock = Mutex("counts")
        self.waiting = {"H": 0, "O": 0}
        self.go = {"H": Semaphore(0, "H may go"), "O": Semaphore(0, "O may go")}

    def bond(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:
                self.go["H"].release(2)
                self.go["O"].release()
        self.go[kind].acquire()


# %% id="opens-for-one-hydrogen" why="one release for each kind of atom"
class Water:
    def __init__(self):
        self.lock = Mutex("counts")
        self.waiting = {"H": 0, "O": 0}
        self.go = {"H": Semaphore(0, "H may go"), "O": Semaphore(0, "O may go")}

    def bond(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:
                self.waiting["H"] -= 2
                self.waiting["O"] -= 1
                self.go["H"].release()
                self.go["O"].release()
        self.go[kind].acquire()


# %% id="all-may-go" why="a whole molecule is there, so everybody who waits may go"
class Water:
    def __init__(self):
        self.changed = Condition(name="changed")
        self.came = {"H": 0, "O": 0}

    def bond(self, kind):
        with self.changed:
            self.came[kind] += 1
            while self.came["H"] < 2 or self.came["O"] < 1:
                self.changed.wait()
            self.changed.notify_all()


# %% id="if-for-while" why="who is woken may go"
class Water:
    def __init__(self):
        self.changed = Condition(name="changed")
        self.waiting, self.may_go = {"H": 0, "O": 0}, {"H": 0, "O": 0}

    def bond(self, kind):
        with self.changed:
            self.waiting[kind] += 1
            if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:
                self.waiting["H"] -= 2
                self.waiting["O"] -= 1
                self.may_go["H"] += 2
                self.may_go["O"] += 1
                self.changed.notify_all()
            if self.may_go[kind] == 0:
                self.changed.wait()
            self.may_go[kind] -= 1


# %% id="wakes-one" why="the last one came, so it wakes the one who waits"
class Water:
    def __init__(self):
        self.changed = Condition(name="changed")
        self.waiting, self.may_go = {"H": 0, "O": 0}, {"H": 0, "O": 0}

    def bond(self, kind):
        with self.changed:
            self.waiting[kind] += 1
            if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:
                self.waiting["H"] -= 2
                self.waiting["O"] -= 1
                self.may_go["H"] += 2
                self.may_go["O"] += 1
                self.changed.notify()
            while self.may_go[kind] == 0:
                self.changed.wait()
            self.may_go[kind] -= 1


# %% id="spins" why="looking again and again is a way of waiting"
class Water:
    def __init__(self):
        self.came = {"H": 0, "O": 0}

    def bond(self, kind):
        self.came[kind] += 1
        while self.came["H"] < 2 or self.came["O"] < 1:
            sched_yield()
