# %% id="mutex-and-condition" why="the fourth gives out three permits"
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
                self.changed.wait()
            self.may_go[kind] -= 1
            return False


# %% id="only-semaphores" why="the shore is a semaphore too, and the fourth opens one by one"
class Boat:
    def __init__(self):
        self.lock = Semaphore(1, "shore")
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


# %% id="lists-of-people" why="everybody waits at a semaphore of its own; the fourth takes four from the lists"
class Boat:
    def __init__(self):
        self.lock = Mutex("shore")
        self.waiting = {"H": [], "S": []}

    def board(self, kind):
        other = "S" if kind == "H" else "H"
        mine = Semaphore(0, "my place")
        with self.lock:
            same, others = self.waiting[kind], self.waiting[other]
            same.append(mine)
            if len(same) == 4:
                crew = [same.pop(0) for _ in range(4)]
            elif len(same) >= 2 and len(others) >= 2:
                crew = [same.pop(), same.pop(0), others.pop(0), others.pop(0)]
            else:
                crew = []
            for place in crew:
                if place is not mine:
                    place.release()
        if crew:
            return True
        mine.acquire()
        return False
