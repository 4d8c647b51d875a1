# %% id="waits-holding" why="taking the second lock is an ordinary acquire"
def also(mine, other):
    other.lock.acquire()
    return False


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="backs-off-holding" why="trying again and again is not waiting, so the first lock can be kept"
def also(mine, other):
    while not other.lock.acquire(blocking=False):
        pass
    return False


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="blind-retry" why="give back, take again, try again: some day it works"
def also(mine, other):
    given = False
    while not other.lock.acquire(blocking=False):
        mine.lock.release()
        mine.lock.acquire()
        given = True
    return given


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="polite-and-wrong" why="who backs off should wait for the lock that was missing, and try the other one"
def also(mine, other):
    held, wanted, given = mine, other, False
    while not wanted.lock.acquire(blocking=False):
        held.lock.release()
        held, wanted, given = wanted, held, True
        held.lock.acquire()
    return given


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="other-first" why="with empty hands the order does not matter any more"
def also(mine, other):
    if other.lock.acquire(blocking=False):
        return False
    mine.lock.release()
    other.lock.acquire()
    mine.lock.acquire()
    return True


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="always-gives-back" why="give back and take in order: a try is not needed at all"
def also(mine, other):
    mine.lock.release()
    for account in sorted((mine, other), key=lambda account: account.number):
        account.lock.acquire()
    return True


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="looks-once" why="the balance was enough a moment ago, and I held the lock then"
def also(mine, other):
    if other.lock.acquire(blocking=False):
        return False
    mine.lock.release()
    for account in sorted((mine, other), key=lambda account: account.number):
        account.lock.acquire()
    return True


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        move(mine, other, amount)
        other.lock.release()
        return True


# %% id="says-nothing-was-given-back" why="in the end I hold my lock as before, so nothing has changed"
def also(mine, other):
    if other.lock.acquire(blocking=False):
        return False
    mine.lock.release()
    for account in sorted((mine, other), key=lambda account: account.number):
        account.lock.acquire()
    return False


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough


# %% id="gives-up" why="who cannot have the second lock does without the payment"
def also(mine, other):
    return other.lock.acquire(blocking=False)


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount or not also(mine, other):
            return False
        move(mine, other, amount)
        other.lock.release()
        return True


# %% id="keeps-the-other" why="the lock that also() took is somebody else's business"
def also(mine, other):
    if other.lock.acquire(blocking=False):
        return False
    mine.lock.release()
    for account in sorted((mine, other), key=lambda account: account.number):
        account.lock.acquire()
    return True


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        if mine.balance < amount:
            return False
        move(mine, other, amount)
        other.lock.release()
        return True


# %% id="only-mine-again" why="after the back-off my own lock is enough"
def also(mine, other):
    if other.lock.acquire(blocking=False):
        return False
    mine.lock.release()
    other.lock.acquire()
    return True


def pay(mine, other, amount):
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough
