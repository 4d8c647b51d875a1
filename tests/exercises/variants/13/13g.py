# %% id="tickets" why="a mutex, a condition, and a number for everybody"
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
            while mine != self.serving or self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True
            self.serving += 1

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="a-queue-of-people" why="a list of those who wait: whoever is first in it goes on when the page allows it"
class InOrder:
    def __init__(self):
        self.readers, self.writing, self.queue = 0, False, []
        self.changed = Condition(name="changed")

    def start_read(self):
        me = object()
        with self.changed:
            self.queue.append(me)
            self.changed.wait_for(lambda: self.queue[0] is me and not self.writing)
            self.queue.pop(0)
            self.readers += 1
            self.changed.notify_all()

    def end_read(self):
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        me = object()
        with self.changed:
            self.queue.append(me)
            self.changed.wait_for(lambda: self.queue[0] is me and not self.writing and self.readers == 0)
            self.queue.pop(0)
            self.writing = True

    def end_write(self):
        with self.changed:
            self.writing = False
            self.changed.notify_all()


# %% id="writer-keeps-the-turnstile" why="only semaphores; the writer stays in the turnstile while it writes"
class InOrder:
    def __init__(self):
        self.readers = 0
        self.lock = Semaphore(1, "readers")
        self.page = Semaphore(1, "page")
        self.turnstile = Semaphore(1, "turnstile")

    def start_read(self):
        with self.turnstile:
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
        self.turnstile.acquire()
        self.page.acquire()

    def end_write(self):
        self.page.release()
        self.turnstile.release()
