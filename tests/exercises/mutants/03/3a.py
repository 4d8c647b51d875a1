# %% id="lifo-queue" why="the run queue is a stack: take from the end where one puts back"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.pop()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        return turns

# %% id="puts-back-in-front" why="a thread that yielded goes on as soon as possible"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.appendleft(thread)
        return turns

# %% id="spawns-in-front" why="a new thread runs next"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.appendleft(thread)

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        return turns

# %% id="twice-per-round" why="a turn is two steps"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        return turns

# %% id="spawn-runs-at-once" why="spawn calls the thread, as a function is called; others starve meanwhile"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        try:
            next(thread)
            self.runq.append(thread)
        except StopIteration:
            pass

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        return turns

# %% id="child-runs-to-its-end" why="a spawned thread is run to its end before the parent goes on; the others starve"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        if getattr(self, "running", False):
            for _ in thread:
                pass
        else:
            self.runq.append(thread)

    def run(self):
        turns = 0
        self.running = True
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        self.running = False
        return turns

# %% id="each-to-its-end" why="a for loop gives a thread all its steps"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            for _ in self.runq.popleft():
                turns += 1
            turns += 1
        return turns

# %% id="first-end-stops-all" why="when one thread has ended, the work is done"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        try:
            while self.runq:
                thread = self.runq.popleft()
                turns += 1
                next(thread)
                self.runq.append(thread)
        except StopIteration:
            pass
        return turns

# %% id="one-turn-each" why="a thread that had its turn is done"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
        return turns

# %% id="fixed-list-of-threads" why="the threads are those that exist when run() begins"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        threads = list(self.runq)
        self.runq.clear()
        while threads:
            for thread in list(threads):
                turns += 1
                try:
                    next(thread)
                except StopIteration:
                    threads.remove(thread)
        return turns

# %% id="removes-while-going-through" why="a list may shrink while one goes through it"
class Scheduler:
    def __init__(self):
        self.runq = []

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            for thread in self.runq:
                turns += 1
                try:
                    next(thread)
                except StopIteration:
                    self.runq.remove(thread)
        return turns

# %% id="last-turn-not-counted" why="the turn in which a thread ends is none"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            try:
                next(thread)
            except StopIteration:
                continue
            turns += 1
            self.runq.append(thread)
        return turns

# %% id="stops-at-one" why="one thread alone needs no scheduler"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.runq.append(thread)

    def run(self):
        turns = 0
        while len(self.runq) > 1:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        return turns

# %% id="new-round-first" why="children wait until the round of their parents is over, and then come first"
class Scheduler:
    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        self.new = getattr(self, "new", []) + [thread]

    def run(self):
        turns = 0
        while self.runq or getattr(self, "new", []):
            this_round = [*self.new, *self.runq]
            self.new, self.runq = [], []
            for thread in this_round:
                turns += 1
                try:
                    next(thread)
                    self.runq.append(thread)
                except StopIteration:
                    pass
        return turns
