# %% id="left-then-right" why="everybody takes the left fork first, that is an order too"
class Table:
    def __init__(self, n):
        self.n = n
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        self.forks[seat].acquire()
        self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()


# %% id="one-eats-at-a-time" why="a lock for the table keeps forks out of two hands"
class Table:
    def __init__(self, n):
        self.lock = Mutex("table")

    def take(self, seat):
        self.lock.acquire()

    def put_back(self, seat):
        self.lock.release()


# %% id="a-chair-for-everybody" why="a semaphore for the chairs begins at the number of chairs"
class Table:
    def __init__(self, n):
        self.n = n
        self.chairs = Semaphore(n, "chairs")
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        self.chairs.acquire()
        self.forks[seat].acquire()
        self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()
        self.chairs.release()


# %% id="two-chairs" why="at most two may sit, so there is no circle"
class Table:
    def __init__(self, n):
        self.n = n
        self.chairs = Semaphore(2, "chairs")
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        self.chairs.acquire()
        self.forks[seat].acquire()
        self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()
        self.chairs.release()


# %% id="left-fork-only" why="a fork for each seat is enough: the left one"
class Table:
    def __init__(self, n):
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        self.forks[seat].acquire()

    def put_back(self, seat):
        self.forks[seat].release()


# %% id="waiter-for-each-fork" why="the waiter hands out one fork at a time"
class Table:
    def __init__(self, n):
        self.n = n
        self.waiter = Mutex("waiter")
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        with self.waiter:
            self.forks[seat].acquire()
        with self.waiter:
            self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()


# %% id="asks-the-waiter-to-put-back" why="the waiter watches over all that happens with forks"
class Table:
    def __init__(self, n):
        self.n = n
        self.waiter = Mutex("waiter")
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        with self.waiter:
            self.forks[seat].acquire()
            self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        with self.waiter:
            self.forks[seat].release()
            self.forks[(seat + 1) % self.n].release()


# %% id="keeps-the-right-fork" why="who lets go of one fork has ended the meal"
class Table:
    def __init__(self, n):
        self.n = n
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        for fork in sorted((seat, (seat + 1) % self.n)):
            self.forks[fork].acquire()

    def put_back(self, seat):
        self.forks[seat].release()


# %% id="looks-without-a-lock" why="free forks may be taken, so look and take"
class Table:
    def __init__(self, n):
        self.n, self.taken = n, [False] * n

    def take(self, seat):
        right = (seat + 1) % self.n
        while self.taken[seat] or self.taken[right]:
            sched_yield()
        self.taken[seat] = self.taken[right] = True

    def put_back(self, seat):
        self.taken[seat] = self.taken[(seat + 1) % self.n] = False


# %% id="if-for-while" why="who is woken finds both forks free"
class Table:
    def __init__(self, n):
        self.n, self.taken = n, [False] * n
        self.lock = Mutex("table")
        self.changed = Condition(self.lock, "changed")

    def take(self, seat):
        right = (seat + 1) % self.n
        with self.lock:
            if self.taken[seat] or self.taken[right]:
                self.changed.wait()
            self.taken[seat] = self.taken[right] = True

    def put_back(self, seat):
        with self.lock:
            self.taken[seat] = self.taken[(seat + 1) % self.n] = False
            self.changed.notify_all()


# %% id="wakes-nobody" why="the waiting one looks again by itself"
class Table:
    def __init__(self, n):
        self.n, self.taken = n, [False] * n
        self.lock = Mutex("table")
        self.changed = Condition(self.lock, "changed")

    def take(self, seat):
        right = (seat + 1) % self.n
        with self.lock:
            while self.taken[seat] or self.taken[right]:
                self.changed.wait()
            self.taken[seat] = self.taken[right] = True

    def put_back(self, seat):
        with self.lock:
            self.taken[seat] = self.taken[(seat + 1) % self.n] = False


# %% id="three-forks" why="the story has three philosophers"
class Table:
    def __init__(self, n):
        self.forks = [Mutex(f"fork {i}") for i in range(5)]

    def take(self, seat):
        for fork in sorted((seat, (seat + 1) % 3)):
            self.forks[fork].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % 3].release()
