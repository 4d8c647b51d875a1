# %% id="if-not-while" why="who is woken finds what it waited for"
# ruff: noqa: F821  (names that the exercise gives)
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            if len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            if not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="one-condition-for-both" why="a shelf has one condition, and a notify wakes the right thread"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.changed = Condition(self.lock, name="changed")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.changed.wait()
            item = self.items.popleft()
            self.changed.notify()
            return item


# %% id="busy-wait" why="waiting means looking until it is so"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.lock.release()
                self.lock.acquire()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.lock.release()
                self.lock.acquire()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="yield-spin" why="a polite loop is no busy one"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.lock.release()
                sched_yield()
                self.lock.acquire()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.lock.release()
                sched_yield()
                self.lock.acquire()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="looks-before-it-locks" why="the lock is for the change, looking harms nobody"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            pass
        while not self.items:
            with self.lock:
                self.not_empty.wait()
        with self.lock:
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="take-tells-nobody" why="a free place is seen by whoever needs it"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            return item


# %% id="never-full" why="there is always room for one more"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="prints-only" why="to say that the shelf is full is to wait"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            if len(self.items) == self.places:
                print("the shelf is full")
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="one-place-too-many" why="a shelf is full when there is more on it than places"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) > self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="one-place-always" why="a shelf has one place"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == 1:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="last-in-first-out" why="the order does not matter"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.pop()
            self.not_full.notify()
            return item


# %% id="one-lock-for-all-shelves" why="the lock and its condition belong to the class, so they protect every shelf"
class Shelf:
    lock = Mutex("shelf")
    not_full = Condition(lock, name="not full")
    not_empty = Condition(lock, name="not empty")

    def __init__(self, places):
        self.places, self.items = places, deque()

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="returns-with-the-lock" why="return gives the lock back"
class Shelf:
    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        self.lock.acquire()
        while len(self.items) == self.places:
            self.not_full.wait()
        self.items.append(item)
        self.not_empty.notify()
        self.lock.release()

    def take(self):
        self.lock.acquire()
        while not self.items:
            self.not_empty.wait()
        self.not_full.notify()
        return self.items.popleft()


# %% id="tells-only-when-it-was-empty" why="nobody waits at a shelf that has something on it"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            if len(self.items) == 1:
                self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="notifies-after-unlock" why="a notify needs no lock"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
        self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item


# %% id="waits-without-the-mutex" why="a condition brings a lock of its own, so any will do"
class Shelf:

    def __init__(self, places):
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(name="not full")
        self.not_empty = Condition(self.lock, name="not empty")

    def put(self, item):
        with self.lock:
            while len(self.items) == self.places:
                with self.not_full:
                    self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()

    def take(self):
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            with self.not_full:
                self.not_full.notify()
            return item
