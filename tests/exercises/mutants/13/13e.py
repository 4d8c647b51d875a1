# %% id="a-mutex" why="a lock keeps readers and writers apart"
class ReadersFirst:
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


# %% id="readers-take-nothing" why="reading changes nothing, so readers need no lock"
class ReadersFirst:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        pass

    def end_read(self):
        pass

    def start_write(self):
        self.page.acquire()

    def end_write(self):
        self.page.release()


# %% id="every-reader-gives-back" why="whoever ends reading opens the page"
class ReadersFirst:
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
        self.page.release()

    def start_write(self):
        self.page.acquire()

    def end_write(self):
        self.page.release()


# %% id="counts-without-a-mutex" why="adding one is one step"
class ReadersFirst:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        if True:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()

    def end_read(self):
        if True:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()

    def start_write(self):
        self.page.acquire()

    def end_write(self):
        self.page.release()


# %% id="tests-after-the-lock" why="the lock is for the count, the test may come after it"
class ReadersFirst:
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


# %% id="the-page-is-a-mutex" why="a semaphore that begins at 1 is a mutex, so a mutex will do"
class ReadersFirst:
    def __init__(self):
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Mutex("page")

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


# %% id="writers-see-readers-only" why="a writer waits for readers, that is what the story says"
class ReadersFirst:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            while self.writing:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            while self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="if-for-while" why="who is woken finds the page free"
class ReadersFirst:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            if self.writing:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            if self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="wakes-one-only" why="one thing became free, so one is woken"
class ReadersFirst:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            while self.writing:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify()

    def start_write(self):
        with self.lock:
            while self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify()


# %% id="last-reader-is-silent" why="only writers change something, so only they notify"
class ReadersFirst:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            while self.writing:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1

    def start_write(self):
        with self.lock:
            while self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="writers-first" why="a writer who waits goes before readers who come"
class ReadersFirst:
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


# %% id="in-order" why="everybody in the order of arrival"
class ReadersFirst:
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
        self.turnstile.release()

    def end_write(self):
        self.page.release()


# %% id="spins" why="looking again and again is a way of waiting"
class ReadersFirst:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        while True:
            with self.lock:
                if not self.writing:
                    self.readers += 1
                    return

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        while True:
            with self.lock:
                if not self.writing and self.readers == 0:
                    self.writing = True
                    return

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()
