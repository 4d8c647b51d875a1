# %% id="does-not-wait-for-the-cut" why="who has woken the barber is served"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        return True

    def next_customer(self):
        self.customer.acquire()
        with self.lock:
            self.free += 1

    def done(self):
        self.cut.release()


# %% id="waits-for-a-free-chair" why="who finds no chair waits for one"
class Barbershop:
    def __init__(self, chairs):
        self.free = Semaphore(chairs, "chairs")
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        self.free.acquire()
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()
        self.free.release()

    def done(self):
        self.cut.release()


# %% id="sits-on-the-chair-until-the-cut" why="a customer needs the chair until he leaves"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        self.cut.acquire()
        with self.lock:
            self.free += 1
        return True

    def next_customer(self):
        self.customer.acquire()

    def done(self):
        self.cut.release()


# %% id="chair-is-never-free-again" why="a chair that is taken is taken"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()

    def done(self):
        self.cut.release()


# %% id="counts-without-a-mutex" why="to take a chair is one step"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        if True:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()
        if True:
            self.free += 1

    def done(self):
        self.cut.release()


# %% id="barber-sleeps-with-the-lock" why="the barber looks at the chairs under the mutex, and sleeps there"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        with self.lock:
            self.customer.acquire()
            self.free += 1

    def done(self):
        self.cut.release()


# %% id="barber-opens-first" why="the cut is promised when the customer is called"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()
        with self.lock:
            self.free += 1
        self.cut.release()

    def done(self):
        pass


# %% id="if-for-while" why="who is woken has what it waited for"
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
            if self.cut < mine:
                self.changed.wait()
            return True

    def next_customer(self):
        with self.lock:
            if self.came == self.called:
                self.changed.wait()
            self.called += 1

    def done(self):
        with self.lock:
            self.cut += 1
            self.changed.notify_all()


# %% id="wakes-one" why="one customer, one barber, so wake one"
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
            self.changed.notify()
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
            self.changed.notify()


# %% id="comes-in-silence" why="the barber sees who comes"
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


# %% id="nobody-is-sent-away" why="all who come are served"
class Barbershop:
    def __init__(self, chairs):
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")

    def visit(self):
        with self.lock:
            self.free -= 1
        self.customer.release()
        self.cut.acquire()
        return True

    def next_customer(self):
        self.customer.acquire()
        with self.lock:
            self.free += 1

    def done(self):
        self.cut.release()


# %% id="spins" why="looking again and again is a way of waiting"
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
        while self.came == self.called:
            sched_yield()
        with self.lock:
            self.called += 1

    def done(self):
        with self.lock:
            self.cut += 1
            self.changed.notify_all()
