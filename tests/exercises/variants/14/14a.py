# %% id="waiter" why="only semaphores: the waiter serves one philosopher at a time until both forks are there"
class Table:
    def __init__(self, n):
        self.n = n
        self.waiter = Semaphore(1, "waiter")
        self.forks = [Semaphore(1, f"fork {i}") for i in range(n)]

    def take(self, seat):
        with self.waiter:
            self.forks[seat].acquire()
            self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()


# %% id="one-seat-fewer" why="with one seat fewer than forks somebody always has both"
class Table:
    def __init__(self, n):
        self.n = n
        self.seats = Semaphore(n - 1, "seats")
        self.forks = [Semaphore(1, f"fork {i}") for i in range(n)]

    def take(self, seat):
        self.seats.acquire()
        self.forks[seat].acquire()
        self.forks[(seat + 1) % self.n].acquire()

    def put_back(self, seat):
        self.forks[(seat + 1) % self.n].release()
        self.forks[seat].release()
        self.seats.release()


# %% id="mutex-and-condition" why="look at both forks and take both under one mutex"
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
            self.changed.notify_all()


# %% id="one-left-handed" why="the one at seat 0 takes the right fork first: the circle is broken there"
class Table:
    def __init__(self, n):
        self.n = n
        self.forks = [Mutex(f"fork {i}") for i in range(n)]

    def take(self, seat):
        right = (seat + 1) % self.n
        for fork in (right, seat) if seat == 0 else (seat, right):
            self.forks[fork].acquire()

    def put_back(self, seat):
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()
