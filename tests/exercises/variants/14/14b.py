# %% id="oxygen-gathers" why="only semaphores: an O, one at a time, collects two H and lets them go"
class Water:
    def __init__(self):
        self.turn = Semaphore(1, "one O gathers")
        self.hydrogen, self.go = Semaphore(0, "H is here"), Semaphore(0, "H may go")

    def bond(self, kind):
        if kind == "H":
            self.hydrogen.release()
            self.go.acquire()
        else:
            with self.turn:
                self.hydrogen.acquire()
                self.hydrogen.acquire()
            self.go.release(2)


# %% id="mutex-and-condition" why="whoever completes a molecule gives out three permits"
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
            while self.may_go[kind] == 0:
                self.changed.wait()
            self.may_go[kind] -= 1


# %% id="numbers" why="the k-th H belongs to molecule k // 2, the k-th O to molecule k"
class Water:
    def __init__(self):
        self.lock = Mutex("counts")
        self.changed = Condition(self.lock, "changed")
        self.came = {"H": 0, "O": 0}

    def bond(self, kind):
        with self.lock:
            mine = self.came[kind] // (2 if kind == "H" else 1)
            self.came[kind] += 1
            self.changed.notify_all()
            while self.came["H"] < 2 * mine + 2 or self.came["O"] < mine + 1:
                self.changed.wait()
