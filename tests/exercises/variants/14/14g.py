# %% id="mutex-and-condition" why="count who came, who was called, who was helped"
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


# %% id="only-semaphores" why="a door lets one group of elves in, and opens again when they are done"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.counts = Semaphore(1, "counts")
        self.wake = Semaphore(0, "a group waits")
        self.door = {"R": Semaphore(reindeer, "stable door"), "E": Semaphore(group, "door")}
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}

    def wait_for_santa(self, kind):
        self.door[kind].acquire()
        self.counts.acquire()
        self.waiting[kind] += 1
        if self.waiting[kind] == self.size[kind]:
            self.wake.release()
        self.counts.release()
        self.go[kind].acquire()

    def next_group(self):
        self.wake.acquire()
        self.counts.acquire()
        self.kind = "R" if self.waiting["R"] == self.size["R"] else "E"
        self.waiting[self.kind] = 0
        self.counts.release()
        return self.kind

    def done(self):
        self.go[self.kind].release(self.size[self.kind])
        self.door[self.kind].release(self.size[self.kind])


# %% id="a-queue-for-each-kind" why="everybody waits at a semaphore of its own; Santa takes as many as he needs from a queue"
class Workshop:
    def __init__(self, reindeer, group):
        self.size = {"R": reindeer, "E": group}
        self.queue, self.team = {"R": [], "E": []}, []
        self.lock = Mutex("queues")
        self.complete = Condition(self.lock, "a group is complete")

    def wait_for_santa(self, kind):
        mine = Semaphore(0, "Santa is done with me")
        with self.lock:
            self.queue[kind].append(mine)
            if len(self.queue[kind]) >= self.size[kind]:
                self.complete.notify()
        mine.acquire()

    def next_group(self):
        with self.lock:
            while True:
                for kind in "RE":
                    if len(self.queue[kind]) >= self.size[kind]:
                        self.team = [self.queue[kind].pop(0) for _ in range(self.size[kind])]
                        return kind
                self.complete.wait()

    def done(self):
        for one in self.team:
            one.release()
