# %% id="mutex-and-condition" why="count who came, who was called, whose hair is cut"
class Barbershop:
    def __init__(self, chairs):
        self.chairs, self.came, self.called, self.cut = chairs, 0, 0, 0
        self.lock = Mutex("shop")
        self.changed = Condition(self.lock, "changed")

    def visit(self):
        with self.lock:
            if self.came - self.called == self.chairs:
                return False
            self.came += 1
            mine = self.came
            self.changed.notify_all()
            while self.cut < mine:
                self.changed.wait()
            return True

    def next_customer(self):
        with self.lock:
            while self.came == self.called:
                self.changed.wait()
            self.called += 1

    def done(self):
        with self.lock:
            self.cut += 1
            self.changed.notify_all()


# %% id="only-semaphores" why="a semaphore for the chairs, taken only if one is free"
class Barbershop:
    def __init__(self, chairs):
        self.chairs = Semaphore(chairs, "chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        if not self.chairs.acquire(blocking=False):
            return False
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()
        self.chairs.release()

    def done(self):
        self.cut.release()


# %% id="a-queue-of-customers" why="everybody waits at a semaphore of its own; the barber calls the first one"
class Barbershop:
    def __init__(self, chairs):
        self.chairs, self.queue, self.in_work = chairs, [], None
        self.lock = Mutex("queue")
        self.customer = Semaphore(0, "a customer waits")

    def visit(self):
        mine = Semaphore(0, "my hair is cut")
        with self.lock:
            if len(self.queue) == self.chairs:
                return False
            self.queue.append(mine)
        self.customer.release()
        mine.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()
        with self.lock:
            self.in_work = self.queue.pop(0)

    def done(self):
        self.in_work.release()
