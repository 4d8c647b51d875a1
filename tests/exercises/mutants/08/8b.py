# %% id="by-position" why="source first, target second is an order, too"
def transfer(source, target, amount):
    if source is target:
        return False
    with source.lock, target.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="by-name" why="names are what tells accounts apart"
def transfer(source, target, amount):
    if source is target:
        return False
    first, second = sorted((source, target), key=lambda account: account.name)
    with first.lock, second.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="by-balance" why="the richer account first: any property of an account gives an order"
def transfer(source, target, amount):
    if source is target:
        return False
    first, second = sorted((source, target), key=lambda account: account.balance)
    with first.lock, second.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="one-lock-for-all" why="one lock for the whole bank is the safest order"
the_bank = Mutex("bank")


def transfer(source, target, amount):
    if source is target:
        return False
    with the_bank:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="forgets-itself" why="nobody pays from an account to itself"
def transfer(source, target, amount):
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="test-before-the-locks" why="a look at the balance changes nothing, so it needs no lock"
def transfer(source, target, amount):
    if source is target or source.balance < amount:
        return False
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        move(source, target, amount)
        return True


# %% id="one-after-the-other" why="each account is touched under its own lock, so both need not be held together"
def transfer(source, target, amount):
    if source is target:
        return False
    with source.lock:
        if source.balance < amount:
            return False
    with target.lock:
        move(source, target, amount)
        return True


# %% id="source-only" why="the lock of the account that pays is enough"
def transfer(source, target, amount):
    if source is target:
        return False
    with source.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="locked-after-an-exception" why="move never raises, so release at the end is enough"
def transfer(source, target, amount):
    if source is target:
        return False
    first, second = sorted((source, target), key=lambda account: account.number)
    first.lock.acquire()
    second.lock.acquire()
    enough = source.balance >= amount
    if enough:
        move(source, target, amount)
    second.lock.release()
    first.lock.release()
    return enough


# %% id="different-locks" why="a lock is a lock: a fresh one for every transfer does as well"
def transfer(source, target, amount):
    if source is target:
        return False
    with Mutex("transfer"):
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True


# %% id="smaller-than" why="less than is enough: with exactly the amount there is nothing left"
def transfer(source, target, amount):
    if source is target:
        return False
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        if source.balance <= amount:
            return False
        move(source, target, amount)
        return True
