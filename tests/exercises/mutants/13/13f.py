# %% id="readers-first" why="while somebody reads, others may join"
class WritersFirst:
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
            while self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="in-order" why="everybody in the order of arrival is fair to writers too"
class WritersFirst:
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


# %% id="counts-when-it-is-in" why="a writer is there when it writes"
class WritersFirst:
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
            while self.readers > 0 or self.writing:
                self.changed.wait()
            self.writers += 1
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.writers -= 1
            self.changed.notify_all()


# %% id="forgets-to-count-down" why="a writer that has written is done"
class WritersFirst:
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
            self.changed.notify_all()


# %% id="wakes-one-only" why="one thing became free, so one is woken"
class WritersFirst:
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
            self.changed.notify()

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
            self.changed.notify()


# %% id="if-for-while" why="who is woken finds the page free"
class WritersFirst:
    def __init__(self):
        self.readers, self.writers, self.writing = 0, 0, False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")

    def start_read(self):
        with self.lock:
            if self.writers > 0:
                self.changed.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def start_write(self):
        with self.lock:
            self.writers += 1
            if self.readers > 0 or self.writing:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.writers -= 1
            self.changed.notify_all()


# %% id="writers-together" why="a writer waits for readers; writers are few"
class WritersFirst:
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
            while self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.writers -= 1
            self.changed.notify_all()


# %% id="every-writer-locks-the-door" why="each writer closes the door and opens it again"
class WritersFirst:
    def __init__(self):
        self.readers, self.writers = 0, 0
        self.readers_lock, self.writers_lock = Mutex("readers"), Mutex("writers")
        self.door = Semaphore(1, "door for readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        with self.door:
            with self.readers_lock:
                self.readers += 1
                if self.readers == 1:
                    self.page.acquire()

    def end_read(self):
        with self.readers_lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()

    def start_write(self):
        self.door.acquire()
        self.page.acquire()

    def end_write(self):
        self.page.release()
        self.door.release()


# %% id="reader-keeps-the-door" why="a reader holds the door open while it reads"
class WritersFirst:
    def __init__(self):
        self.readers, self.writers = 0, 0
        self.readers_lock, self.writers_lock = Mutex("readers"), Mutex("writers")
        self.door = Semaphore(1, "door for readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        self.door.acquire()
        with self.readers_lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()

    def end_read(self):
        with self.readers_lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()
        self.door.release()

    def start_write(self):
        with self.writers_lock:
            self.writers += 1
            if self.writers == 1:
                self.door.acquire()
        self.page.acquire()

    def end_write(self):
        self.page.release()
        with self.writers_lock:
            self.writers -= 1
            if self.writers == 0:
                self.door.release()


# %% id="last-writer-leaves-it-locked" why="who closes the door is the first writer, and the page is free again"
class WritersFirst:
    def __init__(self):
        self.readers, self.writers = 0, 0
        self.readers_lock, self.writers_lock = Mutex("readers"), Mutex("writers")
        self.door = Semaphore(1, "door for readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        with self.door:
            with self.readers_lock:
                self.readers += 1
                if self.readers == 1:
                    self.page.acquire()

    def end_read(self):
        with self.readers_lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()

    def start_write(self):
        with self.writers_lock:
            self.writers += 1
            if self.writers == 1:
                self.door.acquire()
        self.page.acquire()

    def end_write(self):
        self.page.release()
        with self.writers_lock:
            self.writers -= 1


# %% id="a-mutex" why="a lock keeps readers and writers apart"
class WritersFirst:
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
