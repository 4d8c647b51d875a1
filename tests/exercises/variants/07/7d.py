# %% id="turnstile" why="a mutex that all pass through, and a semaphore for the empty room"
# ruff: noqa: F821  (names that the exercise gives)
class Archive:
    def __init__(self):
        self.turnstile, self.empty = Mutex("turnstile"), Semaphore(1, name="empty")
        self.count, self.readers = Mutex("count"), 0

    def enter_read(self):
        with self.turnstile, self.count:
            self.readers += 1
            if self.readers == 1:
                self.empty.acquire()

    def leave_read(self):
        with self.count:
            self.readers -= 1
            if self.readers == 0:
                self.empty.release()

    def enter_write(self):
        with self.turnstile:
            self.empty.acquire()

    def leave_write(self):
        self.empty.release()


# %% id="a-queue-of-tokens" why="who waits stands in a list, and the first of it comes in"
class Archive:
    def __init__(self):
        self.changed, self.queue = Condition(name="changed"), []
        self.inside, self.writer = 0, False

    def come_in(self, may):
        me = object()
        with self.changed:
            self.queue.append(me)
            while not (self.queue[0] is me and may()):
                self.changed.wait()
            self.queue.pop(0)
            self.changed.notify_all()
            self.inside += 1

    def go_out(self):
        with self.changed:
            self.inside -= 1
            self.writer = False
            self.changed.notify_all()

    def enter_read(self):
        self.come_in(lambda: not self.writer)

    def enter_write(self):
        with self.changed:
            self.changed.wait_for(lambda: True)
        self.come_in(self.alone)

    def alone(self):
        if self.inside == 0:
            self.writer = True
        return self.writer and self.inside == 0

    leave_read = leave_write = go_out


# %% id="in-turns" why="writers first, but after each writing all readers that waited come in"
class Archive:
    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing, self.writers_wait, self.readers_wait, self.invited = 0, False, 0, 0, 0

    def enter_read(self):
        with self.lock:
            if self.writing or self.writers_wait:
                self.readers_wait += 1
                while not self.invited:
                    if not (self.writing or self.writers_wait):
                        self.readers_wait -= 1
                        self.invited += 1
                        break
                    self.changed.wait()
                self.invited -= 1
            self.readers += 1

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            self.writers_wait += 1
            while self.writing or self.readers or self.invited:
                self.changed.wait()
            self.writers_wait -= 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.invited, self.readers_wait = self.readers_wait, 0
            self.changed.notify_all()
