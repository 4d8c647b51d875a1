# %% id="deposit-first" why="the other method first"
def order():
    return "e l h j o c g f a"


# %% id="wakes-before-it-adds" why="notify_all first: nobody can come in before the lock is given back"
def order():
    return "o l g f a e c j h"


# %% id="listed" why="a list joined with blanks"
def order():
    withdraw = ["o", "c", "g", "f", "a"]
    return " ".join(["e", "l", "h", "j", *withdraw])
