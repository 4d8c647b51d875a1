# %% id="readers-first" why="a reader may always join the readers that are inside"
# ruff: noqa: F821  (names that the exercise gives)
class Archive:
    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False

    def enter_read(self):
        with self.lock:
            while self.writing:
                self.changed.wait()
            self.readers += 1

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            while self.writing or self.readers:
                self.changed.wait()
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="writers-first" why="if a writer waits, readers wait"
class Archive:
    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing, self.wanted = 0, False, 0

    def enter_read(self):
        with self.lock:
            while self.writing or self.wanted:
                self.changed.wait()
            self.readers += 1

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            self.wanted += 1
            while self.writing or self.readers:
                self.changed.wait()
            self.wanted -= 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="one-at-a-time" why="a lock around everything is always right"
class Archive:
    def __init__(self):
        self.lock = Mutex("archive")

    def enter_read(self):
        self.lock.acquire()

    def leave_read(self):
        self.lock.release()

    def enter_write(self):
        self.lock.acquire()

    def leave_write(self):
        self.lock.release()


# %% id="if-not-while" why="who is woken may come in"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            if number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify_all()

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            if number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="writer-ignores-readers" why="writers must keep out of the way of writers only"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify_all()

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="reader-ignores-writers" why="reading harms nobody"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify_all()

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="notify-not-all" why="whoever is woken is the one whose turn it is"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify()

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify()


# %% id="first-reader-lets-the-writer-in" why="when a reader leaves, the readers have left"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify_all()

    def leave_read(self):
        with self.lock:
            self.readers = 0
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="next-turn-not-told" why="who comes next will look by itself"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()


# %% id="busy-wait" why="waiting means looking until it is so"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.lock.release()
                sched_yield()
                self.lock.acquire()
            self.turn += 1
            self.readers += 1

    def leave_read(self):
        with self.lock:
            self.readers -= 1

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.lock.release()
                sched_yield()
                self.lock.acquire()
            self.turn += 1
            self.writing = True

    def leave_write(self):
        with self.lock:
            self.writing = False


# %% id="counts-without-the-lock" why="adding one is a single step"
class Archive:
    def __init__(self):
        self.order, self.empty = Mutex("order"), Semaphore(1, name="empty")
        self.readers = 0

    def enter_read(self):
        with self.order:
            self.readers += 1
            if self.readers == 1:
                self.empty.acquire()

    def leave_read(self):
        self.readers -= 1
        if self.readers == 0:
            self.empty.release()

    def enter_write(self):
        with self.order:
            self.empty.acquire()

    def leave_write(self):
        self.empty.release()


# %% id="missing-unlock" why="a writer that is inside may keep the lock"
class Archive:

    def __init__(self):
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0

    def enter_read(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify_all()

    def leave_read(self):
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()

    def enter_write(self):
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True
        self.lock.acquire()

    def leave_write(self):
        with self.lock:
            self.writing = False
            self.changed.notify_all()
