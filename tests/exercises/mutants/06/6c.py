# %% id="ticket-not-atomic" why="reading the number and writing the next one are one thing"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        ticket = self.next.load()
        self.next.store(ticket + 1)
        return ticket

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        self.serving.fetch_add(1)


# %% id="adds-then-reads" why="after fetch_add the number is still mine"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        self.next.fetch_add(1)
        return self.next.load() - 1

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        self.serving.fetch_add(1)


# %% id="tickets-begin-with-1" why="fetch_add returns the new number"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1) + 1

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        self.serving.fetch_add(1)


# %% id="serves-the-newest" why="the next one to be called is the last one who came"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        self.serving.store(self.next.load() - 1)


# %% id="calls-two" why="release calls one for me and one for the next"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        self.serving.fetch_add(2)


# %% id="never-calls" why="who goes out need not say so"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        pass


# %% id="begins-again" why="after each customer the numbers begin again"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while self.serving.load() != ticket:
            pass

    def release(self):
        self.serving.store(0)


# %% id="anyone-from-now-on" why="a number that was not called yet may come in"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while self.serving.load() > ticket:
            pass

    def release(self):
        self.serving.fetch_add(1)


# %% id="unfair" why="a lock is a lock: any order will do"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        while not self.serving.compare_exchange(0, 1):
            pass

    def release(self):
        self.serving.store(0)


# %% id="looks-once" why="a look is enough, my turn comes soon"
class TicketLock:
    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        return self.next.fetch_add(1)

    def wait(self, ticket):
        if self.serving.load() != ticket:
            return

    def release(self):
        self.serving.fetch_add(1)
