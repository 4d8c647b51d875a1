# %% id="try-finally" why="acquire and release by hand, safely"
def withdraw(account, amount):
    account.lock.acquire()
    try:
        taken = account.balance >= amount
        if taken:
            ask_the_bank(account)
            account.balance = account.balance - amount
    finally:
        account.lock.release()
    return taken

# %% id="helper-under-lock" why="the whole of the broken one, under the lock"
def withdraw(account, amount):
    def take():
        balance = account.balance
        if balance < amount:
            return False
        ask_the_bank(account)
        account.balance = balance - amount
        return True

    with account.lock:
        return take()
