# %% id="compare-exchange" why="tickets by compare-and-exchange; called numbers compared with <"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        while True:
            ticket = self.next.load()
            if self.next.compare_exchange(ticket, ticket + 1):
                return ticket

    def wait(self, ticket):
        while self.serving.load() < ticket:
            pass

    def release(self):
        self.serving.fetch_add(1)


# %% id="release-in-two-steps" why="only who is inside calls the next number, so load and store will do"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while True:
            if self.serving.load() == ticket:
                return

    def release(self):
        self.serving.store(self.serving.load() + 1)


# %% id="yields" why="lets others run while it waits"
from labkit import sched_yield


class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        called = self.serving.load()
        while called != ticket:
            sched_yield()
            called = self.serving.load()

    def release(self):
        self.serving.fetch_add(1)
