# %% id="list-as-queue" why="a plain list: pop(0) and append"
class Scheduler:
    def __init__(self):
        self.runq = []

    def spawn(self, thread):
        self.runq += [thread]

    def run(self):
        turns = 0
        while len(self.runq) != 0:
            turns = turns + 1
            thread = self.runq.pop(0)
            alive = True
            try:
                next(thread)
            except StopIteration:
                alive = False
            if alive:
                self.runq.append(thread)
        return turns

# %% id="recursive" why="one turn, and then the rest of the queue"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        if not self.runq:
            return 0
        thread = self.runq.popleft()
        ended = object()
        if next(thread, ended) is not ended:
            self.runq.append(thread)
        return 1 + self.run()

# %% id="grows-while-walked" why="a for loop over a list that grows: who yields is written at its end once more"
class Scheduler:
    def __init__(self):
        self.order = []

    def spawn(self, thread):
        self.order.append(thread)

    def run(self):
        turns = 0
        for thread in self.order:
            turns += 1
            try:
                next(thread)
                self.order.append(thread)
            except StopIteration:
                pass
        self.order = []
        return turns
