# %% id="semaphores" why="counts free places and items with two semaphores"
# ruff: noqa: F821  (names that the exercise gives)
class Shelf:
    def __init__(self, places):
        self.free, self.filled = Semaphore(places, name="free"), Semaphore(0, name="filled")
        self.lock, self.items = Mutex("shelf"), []

    def put(self, item):
        self.free.acquire()
        with self.lock:
            self.items = [*self.items, item]
        self.filled.release()

    def take(self):
        self.filled.acquire()
        with self.lock:
            item, *self.items = self.items
        self.free.release()
        return item


# %% id="one-condition-notify-all" why="one condition is enough if everybody is woken"
class Shelf:
    def __init__(self, places):
        self.places = places
        self.items = []
        self.changed = Condition(name="changed")

    def put(self, item):
        self.changed.acquire()
        try:
            while not len(self.items) < self.places:
                self.changed.wait()
            self.items.insert(0, item)
            self.changed.notify_all()
        finally:
            self.changed.release()

    def take(self):
        with self.changed:
            while len(self.items) == 0:
                self.changed.wait()
            self.changed.notify_all()
            return self.items.pop()


# %% id="wait-for-and-a-ring" why="wait_for writes the loop, the items lie in a ring"
class Shelf:
    def __init__(self, places):
        self.ring, self.first, self.used = [None] * places, 0, 0
        lock = Mutex("ring")
        self.room, self.news = Condition(lock, name="room"), Condition(lock, name="news")

    def put(self, item):
        with self.room:
            self.room.wait_for(lambda: self.used < len(self.ring))
            self.ring[(self.first + self.used) % len(self.ring)] = item
            self.used += 1
            self.news.notify()

    def take(self):
        with self.news:
            self.news.wait_for(lambda: self.used)
            item = self.ring[self.first]
            self.first = (self.first + 1) % len(self.ring)
            self.used -= 1
            self.room.notify()
            return item
