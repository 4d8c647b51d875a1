# %% id="any-four" why="a boat is four people"
class Boat:
    def __init__(self):
        self.lock, self.count = Mutex("shore"), 0
        self.go = Semaphore(0, "board")

    def board(self, kind):
        with self.lock:
            self.count += 1
            if self.count == 4:
                self.count = 0
                self.go.release(3)
                return True
        self.go.acquire()
        return False


# %% id="counts-without-a-mutex" why="each kind has a count of its own, so nobody disturbs"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        if True:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return True
        self.go[kind].acquire()
        return False


# %% id="waits-with-the-lock" why="the shore is mine until I leave it"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return True
            self.go[kind].acquire()
            return False


# %% id="two-and-two-only" why="two of each is the fair boat"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if False:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return True
        self.go[kind].acquire()
        return False


# %% id="four-of-a-kind-only" why="mixed boats are dangerous"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif False:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return True
        self.go[kind].acquire()
        return False


# %% id="opens-for-itself-too" why="release as many as leave"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number):
                        self.go[each].release()
                return True
        self.go[kind].acquire()
        return False


# %% id="forgets-the-other-kind" why="the last one counts its own kind down"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                self.waiting[kind] -= crew[kind]
                for each, number in crew.items():
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return True
        self.go[kind].acquire()
        return False


# %% id="everybody-rows" why="who has boarded rows"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return True
        self.go[kind].acquire()
        return True


# %% id="first-one-rows" why="who came first to the shore rows"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            first = self.waiting == {kind: 1, other: 0}
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:
                for each, number in crew.items():
                    self.waiting[each] -= number
                    for _ in range(number - (each == kind)):
                        self.go[each].release()
                return first
        self.go[kind].acquire()
        return first


# %% id="if-for-while" why="who is woken may board"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.changed = Condition(self.lock, "changed")
        self.waiting, self.may_go = {"H": 0, "S": 0}, {"H": 0, "S": 0}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            four = self.waiting[kind] == 4
            if four or (self.waiting[kind] >= 2 and self.waiting[other] >= 2):
                crew = {kind: 4} if four else {kind: 2, other: 2}
                for each, number in crew.items():
                    self.waiting[each] -= number
                    self.may_go[each] += number
                self.may_go[kind] -= 1
                self.changed.notify_all()
                return True
            if self.may_go[kind] == 0:
                self.changed.wait()
            self.may_go[kind] -= 1
            return False


# %% id="wakes-three" why="three others leave, so three are woken"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.changed = Condition(self.lock, "changed")
        self.waiting, self.may_go = {"H": 0, "S": 0}, {"H": 0, "S": 0}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            four = self.waiting[kind] == 4
            if (four and self.waiting[other] == 0) or (self.waiting[kind] >= 2 and self.waiting[other] >= 2):
                crew = {kind: 4} if four else {kind: 2, other: 2}
                for each, number in crew.items():
                    self.waiting[each] -= number
                    self.may_go[each] += number
                self.may_go[kind] -= 1
                self.changed.notify(3)
                return True
            while self.may_go[kind] == 0:
                self.changed.wait()
            self.may_go[kind] -= 1
            return False


# %% id="wakes-one" why="the boat is full, so it wakes who waits"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.changed = Condition(self.lock, "changed")
        self.waiting, self.may_go = {"H": 0, "S": 0}, {"H": 0, "S": 0}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            four = self.waiting[kind] == 4
            if four or (self.waiting[kind] >= 2 and self.waiting[other] >= 2):
                crew = {kind: 4} if four else {kind: 2, other: 2}
                for each, number in crew.items():
                    self.waiting[each] -= number
                    self.may_go[each] += number
                self.may_go[kind] -= 1
                self.changed.notify()
                return True
            while self.may_go[kind] == 0:
                self.changed.wait()
            self.may_go[kind] -= 1
            return False


# %% id="spins" why="looking again and again is a way of waiting"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.changed = Condition(self.lock, "changed")
        self.waiting, self.may_go = {"H": 0, "S": 0}, {"H": 0, "S": 0}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            four = self.waiting[kind] == 4
            if four or (self.waiting[kind] >= 2 and self.waiting[other] >= 2):
                crew = {kind: 4} if four else {kind: 2, other: 2}
                for each, number in crew.items():
                    self.waiting[each] -= number
                    self.may_go[each] += number
                self.may_go[kind] -= 1
                self.changed.notify_all()
                return True
        while self.may_go[kind] == 0:
            sched_yield()
        self.may_go[kind] -= 1
        return False
