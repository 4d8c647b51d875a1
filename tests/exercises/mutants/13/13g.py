# %% id="readers-first" why="labkit's semaphores are fair, so the answer to 13e is fair too"
class InOrder:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()

    def start_write(self):
        self.page.acquire()

    def end_write(self):
        self.page.release()


# %% id="writers-first" why="writers starve, so let writers go first"
class InOrder:
    def __init__(self):
        self.readers, self.writers, self.writing = 0, 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            while self.writers > 0:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            self.writers += 1
            while self.readers > 0 or self.writing:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.writers -= 1
            self.changed.notify_all()


# %% id="writer-lets-go-of-the-turnstile" why="a turnstile is a place to pass through, for writers too"
class InOrder:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")
        self.turnstile = Semaphore(1, "turnstile")

    def start_read(self):
        self.turnstile.acquire()
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()
        self.turnstile.release()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()

    def start_write(self):
        self.turnstile.acquire()
        self.turnstile.release()
        self.page.acquire()

    def end_write(self):
        self.page.release()


# %% id="reader-keeps-the-turnstile" why="who is in the turnstile keeps it until it is done"
class InOrder:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")
        self.turnstile = Semaphore(1, "turnstile")

    def start_read(self):
        self.turnstile.acquire()
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()
        self.turnstile.release()

    def start_write(self):
        self.turnstile.acquire()
        self.page.acquire()
        self.turnstile.release()

    def end_write(self):
        self.page.release()


# %% id="one-queue-for-all" why="one after the other is in order"
class InOrder:
    def __init__(self):
        self.lock = Mutex("page")

    def start_read(self):
        self.lock.acquire()

    def end_read(self):
        self.lock.release()

    def start_write(self):
        self.lock.acquire()

    def end_write(self):
        self.lock.release()


# %% id="ticket-without-a-lock" why="taking a ticket is one step"
class InOrder:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.next_ticket, self.serving = 0, 0
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        mine = self.next_ticket
        self.next_ticket += 1
        with self.lock:
            while mine != self.serving or self.writing:
                self.changed.wait()
            self.readers += 1
            self.serving += 1
            self.changed.notify_all()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        mine = self.next_ticket
        self.next_ticket += 1
        with self.lock:
            while mine != self.serving or self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True
            self.serving += 1

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="serves-the-next-at-the-end" why="the next ticket's turn comes when I am done"
class InOrder:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.next_ticket, self.serving = 0, 0
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.serving += 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.serving += 1
            self.changed.notify_all()


# %% id="wakes-one-only" why="one ticket is next, so one is woken"
class InOrder:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.next_ticket, self.serving = 0, 0
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing:
                self.changed.wait()
            self.readers += 1
            self.serving += 1
            self.changed.notify()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify()

    def start_write(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True
            self.serving += 1

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify()


# %% id="reader-does-not-wake-the-next" why="only who leaves makes room"
class InOrder:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.next_ticket, self.serving = 0, 0
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing:
                self.changed.wait()
            self.readers += 1
            self.serving += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True
            self.serving += 1

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="writer-ignores-readers" why="when my ticket is up, it is my turn"
class InOrder:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.next_ticket, self.serving = 0, 0
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing:
                self.changed.wait()
            self.readers += 1
            self.serving += 1
            self.changed.notify_all()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            mine = self.next_ticket
            self.next_ticket += 1
            while mine != self.serving or self.writing:
                self.changed.wait()
            self.writing = True
            self.serving += 1

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="turnstile-never-released" why="who is through is through"
class InOrder:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")
        self.turnstile = Semaphore(1, "turnstile")

    def start_read(self):
        self.turnstile.acquire()
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()
        self.turnstile.release()

    def end_read(self):
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()

    def start_write(self):
        self.turnstile.acquire()
        self.page.acquire()

    def end_write(self):
        self.page.release()
