# %% id="no-lock" why="+= is one step"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book

    def take(self, amount):
        if self.balance < amount:
            return False
        self.book.note(-amount)
        self.balance -= amount
        return True

    def put(self, amount):
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


# %% id="one-lock-for-all" why="a lock guards code, so one is enough"
class Account:
    lock = Mutex()

    def __init__(self, balance, book):
        self.balance = balance
        self.book = book

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

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


# %% id="one-global-lock" why="the bank has one lock"
guard = Mutex()


class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book

    def take(self, amount):
        with guard:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        with guard:
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


# %% id="different-locks-for-one-account" why="take has its lock, and put has its lock"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.take_lock, self.put_lock = Mutex(), Mutex()

    def take(self, amount):
        with self.take_lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        with self.put_lock:
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


# %% id="a-new-lock-each-time" why="with Mutex(): locks"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book

    def take(self, amount):
        with Mutex():
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        with Mutex():
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


# %% id="put-needs-no-lock" why="only who looks before needs a lock"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
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


# %% id="check-then-act" why="looking is harmless, only changing needs the lock"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        if self.balance < amount:
            return False
        with self.lock:
            self.book.note(-amount)
            self.balance -= amount
        return True

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


# %% id="locks-twice" why="each line has the lock, so all is locked"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            enough = self.balance >= amount
        if not enough:
            return False
        with self.lock:
            self.book.note(-amount)
            self.balance -= amount
        return True

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


# %% id="no-unlock-on-error" why="release stands at the end, so it is reached"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        self.lock.acquire()
        self.book.note(amount)
        self.balance += amount
        self.lock.release()


def transfer(source, target, amount):
    if not source.take(amount):
        return False
    try:
        target.put(amount)
    except ValueError:
        source.put(amount)
        raise
    return True


# %% id="no-unlock-on-refusal" why="return gives the lock back"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        self.lock.acquire()
        if self.balance < amount:
            return False
        self.book.note(-amount)
        self.balance -= amount
        self.lock.release()
        return True

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


# %% id="money-lost-on-error" why="an error ends it, there is nothing to undo"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        with self.lock:
            self.book.note(amount)
            self.balance += amount


def transfer(source, target, amount):
    if not source.take(amount):
        return False
    target.put(amount)
    return True


# %% id="swallows-the-error" why="a transfer that failed is a transfer that was not done"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

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
        return False
    return True


# %% id="balance-before-book" why="the order of the two lines does not matter"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        with self.lock:
            self.balance += amount
            self.book.note(amount)


def transfer(source, target, amount):
    if not source.take(amount):
        return False
    try:
        target.put(amount)
    except ValueError:
        source.put(amount)
        raise
    return True


# %% id="book-outside" why="only the balance needs the lock"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        self.book.note(amount)
        with self.lock:
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


# %% id="looks-from-outside" why="transfer looks, then it can take"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            self.book.note(-amount)
            self.balance -= amount
            return True

    def put(self, amount):
        with self.lock:
            self.book.note(amount)
            self.balance += amount


def transfer(source, target, amount):
    if source.balance < amount:
        return False
    source.take(amount)
    try:
        target.put(amount)
    except ValueError:
        source.put(amount)
        raise
    return True


# %% id="both-locks-at-once" why="to be safe, hold both locks"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        if self.balance < amount:
            return False
        self.book.note(-amount)
        self.balance -= amount
        return True

    def put(self, amount):
        self.book.note(amount)
        self.balance += amount


def transfer(source, target, amount):
    with source.lock, target.lock:
        if not source.take(amount):
            return False
        try:
            target.put(amount)
        except ValueError:
            source.put(amount)
            raise
        return True


# %% id="takes-without-looking" why="who moves money has it"
class Account:
    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        self.lock = Mutex()

    def take(self, amount):
        with self.lock:
            self.book.note(-amount)
            self.balance -= amount
            return True

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
