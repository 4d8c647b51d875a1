# %% id="only-semaphores" why="the first writer locks the readers' door, the last one opens it: Courtois, Heymans and Parnas"
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
            if self.writers == 0:
                self.door.release()


# %% id="two-conditions" why="a writer who leaves wakes one writer, or else all readers"
class WritersFirst:
    def __init__(self):
        self.readers, self.waiting, self.writing = 0, 0, False
        self.lock = Mutex("desk")
        self.may_read, self.may_write = Condition(self.lock, "may read"), Condition(self.lock, "may write")

    def start_read(self):
        with self.lock:
            while self.writing or self.waiting > 0:
                self.may_read.wait()
            self.readers += 1

    def end_read(self):
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.may_write.notify()

    def start_write(self):
        with self.lock:
            self.waiting += 1
            while self.writing or self.readers > 0:
                self.may_write.wait()
            self.waiting -= 1
            self.writing = True

    def end_write(self):
        with self.lock:
            self.writing = False
            if self.waiting > 0:
                self.may_write.notify()
            else:
                self.may_read.notify_all()


# %% id="predicates" why="wait_for says what is waited for"
class WritersFirst:
    def __init__(self):
        self.readers, self.writers, self.page_taken = 0, 0, False
        self.desk = Condition(name="desk")

    def start_read(self):
        with self.desk:
            self.desk.wait_for(lambda: self.writers == 0)
            self.readers += 1

    def end_read(self):
        with self.desk:
            self.readers -= 1
            self.desk.notify_all()

    def start_write(self):
        with self.desk:
            self.writers += 1
            self.desk.wait_for(lambda: self.readers == 0 and not self.page_taken)
            self.page_taken = True

    def end_write(self):
        with self.desk:
            self.page_taken = False
            self.writers -= 1
            self.desk.notify_all()
