# %% id="each-one-wakes-santa" why="whoever comes may wake Santa"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="first-come-first-served" why="the group that was complete first goes first"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.order = []
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.order.append(kind)
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = self.order.pop(0)
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="elves-first" why="toys before presents can be brought: elves first"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "E" if self.waiting["E"] >= self.size["E"] else "R"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="counts-without-a-mutex" why="to count oneself is one step"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        if True:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        if True:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="counts-then-looks" why="the mutex protects the count, and looking is harmless"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
        if self.waiting[kind] % self.size[kind] == 0:
            self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="does-not-wait" why="who has woken Santa is helped"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        if self.waiting[kind] % self.size[kind]:
            self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="lets-one-go" why="done wakes the group, and a group is one"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release()


# %% id="goes-when-santa-begins" why="a group may go when Santa has taken it"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        self.go[self.kind].release(self.size[self.kind])
        return self.kind

    def done(self):
        pass


# %% id="third-elf-goes-along" why="all elves who wait go when Santa is done"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
        return self.kind

    def done(self):
        with self.lock:
            self.go[self.kind].release(self.waiting[self.kind])
            self.waiting[self.kind] = 0


# %% id="forgets-who-is-left-over" why="after a turn nobody waits"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] = 0
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="wakes-santa-for-the-third" why="two or more elves are a group, and the third one says so again"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] >= self.size[kind]:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="one-count-for-both-kinds" why="whoever comes makes the group full"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.all = 0
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            self.all += 1
            if self.all % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="one-gate-for-both-kinds" why="who waits for Santa waits at one gate"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = Semaphore(0, "may go")

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go.acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go.release(self.size[self.kind])


# %% id="waits-with-the-lock" why="who counts keeps the mutex until she is helped"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
            self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="always-two" why="two reindeer, two elves"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": 2, "E": 2}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:
                self.wake.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])


# %% id="if-for-while" why="who is woken has what it waited for"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.came, self.called, self.helped = {"R": 0, "E": 0}, {"R": 0, "E": 0}, {"R": 0, "E": 0}
        self.lock = Mutex("workshop")
        self.changed = Condition(self.lock, "changed")

    def wait_for_santa(self, kind):
        with self.lock:
            self.came[kind] += 1
            mine = self.came[kind]
            self.changed.notify_all()
            if self.helped[kind] < mine:
                self.changed.wait()

    def next_group(self):
        with self.lock:
            while True:
                for kind in "RE":
                    if self.came[kind] - self.called[kind] >= self.size[kind]:
                        self.called[kind] += self.size[kind]
                        self.kind = kind
                        return kind
                self.changed.wait()

    def done(self):
        with self.lock:
            self.helped[self.kind] += self.size[self.kind]
            self.changed.notify_all()


# %% id="santa-looks-once" why="Santa is woken, so a group is there"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.came, self.called, self.helped = {"R": 0, "E": 0}, {"R": 0, "E": 0}, {"R": 0, "E": 0}
        self.lock = Mutex("workshop")
        self.complete = Condition(self.lock, "a group is complete")
        self.changed = Condition(self.lock, "changed")

    def wait_for_santa(self, kind):
        with self.lock:
            self.came[kind] += 1
            mine = self.came[kind]
            if mine % self.size[kind] == 0:
                self.complete.notify()
            while self.helped[kind] < mine:
                self.changed.wait()

    def next_group(self):
        with self.lock:
            if self.ready("R") == self.ready("E") == 0:
                self.complete.wait()
            self.kind = "R" if self.ready("R") else "E"
            self.called[self.kind] += self.size[self.kind]
            return self.kind

    def done(self):
        with self.lock:
            self.helped[self.kind] += self.size[self.kind]
            self.changed.notify_all()

    def ready(self, kind):
        return (self.came[kind] - self.called[kind]) // self.size[kind]


# %% id="wakes-one" why="one group comes, one Santa, so wake one"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.came, self.called, self.helped = {"R": 0, "E": 0}, {"R": 0, "E": 0}, {"R": 0, "E": 0}
        self.lock = Mutex("workshop")
        self.changed = Condition(self.lock, "changed")

    def wait_for_santa(self, kind):
        with self.lock:
            self.came[kind] += 1
            mine = self.came[kind]
            self.changed.notify()
            while self.helped[kind] < mine:
                self.changed.wait()

    def next_group(self):
        with self.lock:
            while True:
                for kind in "RE":
                    if self.came[kind] - self.called[kind] >= self.size[kind]:
                        self.called[kind] += self.size[kind]
                        self.kind = kind
                        return kind
                self.changed.wait()

    def done(self):
        with self.lock:
            self.helped[self.kind] += self.size[self.kind]
            self.changed.notify()


# %% id="spins" why="looking again and again is a way of waiting"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.came, self.called, self.helped = {"R": 0, "E": 0}, {"R": 0, "E": 0}, {"R": 0, "E": 0}
        self.lock = Mutex("workshop")
        self.changed = Condition(self.lock, "changed")

    def wait_for_santa(self, kind):
        with self.lock:
            self.came[kind] += 1
            mine = self.came[kind]
            self.changed.notify_all()
            while self.helped[kind] < mine:
                self.changed.wait()

    def next_group(self):
        while True:
            with self.lock:
                for kind in "RE":
                    if self.came[kind] - self.called[kind] >= self.size[kind]:
                        self.called[kind] += self.size[kind]
                        self.kind = kind
                        return kind
            sched_yield()

    def done(self):
        with self.lock:
            self.helped[self.kind] += self.size[self.kind]
            self.changed.notify_all()
