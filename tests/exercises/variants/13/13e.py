# %% id="mutex-and-condition" why="counts under a mutex, and one condition for every change"
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
            while self.writing or self.readers > 0:
                self.changed.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="two-conditions" why="readers and writers wait at conditions of their own"
class ReadersFirst:
    def __init__(self):
        self.readers, self.writing = 0, False
        self.lock = Mutex("desk")
        self.may_read, self.may_write = Condition(self.lock, "may read"), Condition(self.lock, "may write")

    def start_read(self):
        with self.lock:
            while self.writing:
                self.may_read.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.may_write.notify()

    def start_write(self):
        with self.lock:
            while self.writing or self.readers > 0:
                self.may_write.wait()
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            self.may_read.notify_all()
            self.may_write.notify()


# %% id="only-semaphores" why="the count has a semaphore for a lock"
class ReadersFirst:
    def __init__(self):
        self.readers = 0
        self.lock = Semaphore(1, "readers")
        self.page = Semaphore(1, "page")

    def start_read(self):
        self.lock.acquire()
        self.readers = self.readers + 1
        if self.readers == 1:
            self.page.acquire()
        self.lock.release()

    def end_read(self):
        self.lock.acquire()
        self.readers = self.readers - 1
        last = self.readers == 0
        self.lock.release()
        if last:
            self.page.release()

    def start_write(self):
        self.page.acquire()

    def end_write(self):
        self.page.release()
