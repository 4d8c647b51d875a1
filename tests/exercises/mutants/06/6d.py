# %% id="swapped-turn" why="it does not matter whether I first give way or first say that I want to"
def enter(door, me, fence):
    door.turn = 1 - me
    door.wants[me] = True
    fence()
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="my-turn" why="who comes takes the turn"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = me
    fence()
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="flags-only" why="who sees that the other one wants to waits"
def enter(door, me, fence):
    door.wants[me] = True
    fence()
    while door.wants[1 - me]:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="looks-before-it-says" why="first look, then say"
def enter(door, me, fence):
    while door.wants[1 - me]:
        pass
    door.wants[me] = True
    fence()


def leave(door, me):
    door.wants[me] = False


# %% id="strict-turns" why="they come in turn, one after the other"
def enter(door, me, fence):
    while door.turn != me:
        pass
    fence()


def leave(door, me):
    door.turn = 1 - me


# %% id="or-for-and" why="wait if the other wants to, or if it is the other's turn"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = 1 - me
    fence()
    while door.wants[1 - me] or door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="never-leaves" why="who is out is out"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = 1 - me
    fence()
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.turn = 1 - me


# %% id="clears-the-wrong-flag" why="the other one may come in, so the other's flag changes"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = 1 - me
    fence()
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[1 - me] = False


# %% id="no-fence" why="the proof in the book needs no fence"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = 1 - me
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="fence-between-the-writes" why="the flag is what the other one looks at, so the fence follows the flag"
def enter(door, me, fence):
    door.wants[me] = True
    fence()
    door.turn = 1 - me
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="fence-first" why="a fence at the door, before anything else"
def enter(door, me, fence):
    fence()
    door.wants[me] = True
    door.turn = 1 - me
    while door.wants[1 - me] and door.turn == 1 - me:
        pass


def leave(door, me):
    door.wants[me] = False


# %% id="fence-after-the-loop" why="a fence around the critical section"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = 1 - me
    while door.wants[1 - me] and door.turn == 1 - me:
        pass
    fence()


def leave(door, me):
    door.wants[me] = False


# %% id="fence-while-waiting" why="who waits should use a fence"
def enter(door, me, fence):
    door.wants[me] = True
    door.turn = 1 - me
    while door.wants[1 - me] and door.turn == 1 - me:
        fence()


def leave(door, me):
    door.wants[me] = False


# %% id="hides-a-lock" why="a lock made of a lock"
guard = Mutex()


def enter(door, me, fence):
    guard.acquire()


def leave(door, me):
    guard.release()
