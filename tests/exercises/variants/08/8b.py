# %% id="compare-and-try-finally" why="the order by a comparison, the locks by hand"
def transfer(source, target, amount):
    if source.number == target.number:
        return False
    low, high = (source, target) if source.number < target.number else (target, source)
    low.lock.acquire()
    try:
        high.lock.acquire()
        try:
            if amount > source.balance:
                return False
            move(source, target, amount)
        finally:
            high.lock.release()
    finally:
        low.lock.release()
    return True


# %% id="highest-first" why="any order will do, if it is the same for all"
def transfer(source, target, amount):
    if source is target:
        return False
    second, first = sorted([source, target], key=lambda account: account.number)
    with first.lock:
        with second.lock:
            enough = source.balance >= amount
            if enough:
                move(source, target, amount)
            return enough


# %% id="a-gate-for-the-taking" why="only one thread at a time collects locks, so nobody holds one and waits in a cycle"
gate = Mutex("gate")


def transfer(source, target, amount):
    if source is target:
        return False
    with gate:
        source.lock.acquire()
        target.lock.acquire()
    try:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True
    finally:
        target.lock.release()
        source.lock.release()


# %% id="by-address" why="id() is unique among things that live, too"
def transfer(source, target, amount):
    if source is target:
        return False
    first, second = sorted((source, target), key=id)
    with first.lock, second.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True
