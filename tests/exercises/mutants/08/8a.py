# %% id="one-step-too-early" why="the threads go on by themselves into the deadlock, whoever began"
def shortest():
    return {"ring": "A", "gated": None, "late": "B B A A", "rounds": "B B A A A A A B"}


# %% id="a-detour" why="a deadlock is a deadlock, however long the way"
def shortest():
    return {"ring": "A B C", "gated": None, "late": "B B A A", "rounds": "A*8 B*3"}


# %% id="before-the-flag" why="A waits for right in any case: it stands in its code"
def shortest():
    return {"ring": "A B C", "gated": None, "late": "A A B B", "rounds": "B B A A A A A B"}


# %% id="opposite-orders-suffice" why="two locks in two orders always deadlock, gate or no gate"
def shortest():
    return {"ring": "A B C", "gated": "A A B", "late": "B B A A", "rounds": "B B A A A A A B"}


# %% id="none-means-hard-to-find" why="a program that I could not break cannot break"
def shortest():
    return {"ring": "A B C", "gated": None, "late": "B B A A", "rounds": None}


# %% id="the-same-order-twice" why="A's first round meets B's last one head on"
def shortest():
    return {"ring": "A B C", "gated": None, "late": "B B A A", "rounds": "B B A B"}
