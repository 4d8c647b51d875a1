# %% id="as-the-kernel" why="who goes with the order may wait and keep its lock, as Linux's _double_lock_balance()"
def also(mine, other):
    if other.lock.acquire(blocking=False):
        return False
    if mine.number < other.number:
        other.lock.acquire()
        return False
    mine.lock.release()
    other.lock.acquire()
    mine.lock.acquire()
    return True


def pay(mine, other, amount):
    mine.lock.acquire()
    moved = False
    if mine.balance >= amount:
        given_back = also(mine, other)
        if not given_back or mine.balance >= amount:
            move(mine, other, amount)
            moved = True
        other.lock.release()
    mine.lock.release()
    return moved


# %% id="min-and-max" why="the order by min and max; one way out with try and finally"
def also(mine, other):
    free = other.lock.acquire(blocking=False)
    if not free:
        mine.lock.release()
        min(mine, other, key=lambda account: account.number).lock.acquire()
        max(mine, other, key=lambda account: account.number).lock.acquire()
    return not free


def pay(mine, other, amount):
    with mine.lock:
        if amount > mine.balance:
            return False
        also(mine, other)
        try:
            if amount > mine.balance:
                return False
            move(mine, other, amount)
            return True
        finally:
            other.lock.release()
