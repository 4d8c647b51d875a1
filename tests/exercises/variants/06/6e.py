# %% id="longhand" why="acquire and release in try and finally"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        self.lock.acquire()
        try:
            if amount > self.balance:
                return False
            self.book.note(-amount)
            self.balance = self.balance - amount
        finally:
            self.lock.release()
        return True

    def put(self, amount):
        self.lock.acquire()
        try:
            self.book.note(amount)
            self.balance = self.balance + amount
        finally:
            self.lock.release()


def transfer(source, target, amount):
    done = source.take(amount)
    if done:
        try:
            target.put(amount)
        except ValueError as full:
            source.put(amount)
            raise full
    return done


# %% id="one-change" why="one method that changes, and a lock that its owner may take again"
from labkit import RLock


class Account:
    def __init__(self, balance, book):
        self.balance, self.book, self.guard = balance, book, RLock("account")

    def change(self, amount):
        with self.guard:
            if self.balance + amount < 0:
                return False
            self.book.note(amount)
            self.balance += amount
            return True

    def take(self, amount):
        return self.change(-amount)

    def put(self, amount):
        self.change(amount)


def transfer(source, target, amount):
    if source.take(amount):
        try:
            target.put(amount)
            return True
        except ValueError:
            source.put(amount)
            raise
    return False


# %% id="spinning" why="a spinlock for each account; the rest in one with"
from labkit import Spinlock


class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Spinlock()

    def take(self, amount):
        with self.lock:
            if enough := self.balance >= amount:
                self.book.note(-amount)
                self.balance -= amount
        return enough

    def put(self, amount):
        with self.lock:
            self.book.note(amount)
            self.balance += amount


def transfer(source, target, amount):
    if not source.take(amount):
        return False
    try:
        target.put(amount)
    except ValueError:
        source.put(amount)
        raise
    return True
