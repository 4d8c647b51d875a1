# %% id="no-lock" why="threads that yield politely need no lock"
def withdraw(account, amount):
    if account.balance < amount:
        return False
    ask_the_bank(account)
    account.balance -= amount
    return True

# %% id="lock-around-the-write" why="only writing is dangerous"
def withdraw(account, amount):
    if account.balance < amount:
        return False
    ask_the_bank(account)
    with account.lock:
        account.balance -= amount
    return True

# %% id="test-outside-the-lock" why="looking needs no lock"
def withdraw(account, amount):
    if account.balance < amount:
        return False
    with account.lock:
        ask_the_bank(account)
        account.balance -= amount
    return True

# %% id="lock-dropped-for-the-question" why="hold the lock as briefly as possible"
def withdraw(account, amount):
    with account.lock:
        if account.balance < amount:
            return False
    ask_the_bank(account)
    with account.lock:
        account.balance -= amount
    return True

# %% id="two-locked-halves" why="each step is locked, so all is"
def withdraw(account, amount):
    with account.lock:
        balance = account.balance
    if balance < amount:
        return False
    with account.lock:
        ask_the_bank(account)
        account.balance = balance - amount
    return True

# %% id="a-lock-of-its-own" why="any lock will do, as long as there is one"
def withdraw(account, amount):
    with Mutex():
        if account.balance < amount:
            return False
        ask_the_bank(account)
        account.balance -= amount
        return True

# %% id="one-lock-for-all" why="one lock for the whole bank is safe"
bank_lock = Mutex("bank")


def withdraw(account, amount):
    with bank_lock:
        if account.balance < amount:
            return False
        ask_the_bank(account)
        account.balance -= amount
        return True

# %% id="not-released-on-false" why="the release stands at the end"
def withdraw(account, amount):
    account.lock.acquire()
    if account.balance < amount:
        return False
    ask_the_bank(account)
    account.balance -= amount
    account.lock.release()
    return True

# %% id="not-released-on-refusal" why="nothing goes wrong between acquire and release"
def withdraw(account, amount):
    account.lock.acquire()
    if account.balance < amount:
        account.lock.release()
        return False
    ask_the_bank(account)
    account.balance -= amount
    account.lock.release()
    return True

# %% id="refusal-swallowed" why="a refusal is a False"
def withdraw(account, amount):
    with account.lock:
        if account.balance < amount:
            return False
        try:
            ask_the_bank(account)
        except PermissionError:
            return False
        account.balance -= amount
        return True

# %% id="takes-before-asking" why="take at once, so that nobody comes in between"
def withdraw(account, amount):
    if account.balance < amount:
        return False
    account.balance -= amount
    ask_the_bank(account)
    return True

# %% id="no-question" why="without the yield there is no race"
def withdraw(account, amount):
    if account.balance < amount:
        return False
    account.balance -= amount
    return True

# %% id="asks-first" why="ask, and then look and take: no yield in between"
def withdraw(account, amount):
    ask_the_bank(account)
    if account.balance < amount:
        return False
    account.balance -= amount
    return True

# %% id="last-coin-stays" why="an account is never emptied"
def withdraw(account, amount):
    with account.lock:
        if account.balance <= amount:
            return False
        ask_the_bank(account)
        account.balance -= amount
        return True

# %% id="trylock" why="if somebody else is there, give up"
def withdraw(account, amount):
    if not account.lock.acquire(blocking=False):
        return False
    try:
        if account.balance < amount:
            return False
        ask_the_bank(account)
        account.balance -= amount
        return True
    finally:
        account.lock.release()
