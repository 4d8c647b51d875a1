# %% id="break-out" why="a loop that is left by break; names for the two"
def enter(door, me, fence):
    other = 0 if me else 1
    door.wants[me] = True
    door.turn = other
    fence()
    while True:
        if not door.wants[other]:
            break
        if door.turn == me:
            break


def leave(door, me):
    door.wants[me] = False


# %% id="fence-at-every-look" why="a fence before each look: more than needed, and right"
def enter(door, me, fence):
    door.wants[me], door.turn = True, 1 - me
    while True:
        fence()
        if not (door.wants[1 - me] and door.turn != me):
            return


def leave(door, me):
    door.wants[me] = False


# %% id="dekker" why="Dekker's lock: who has not the turn steps back until it comes"
def enter(door, me, fence):
    other = 1 - me
    door.wants[me] = True
    fence()
    while door.wants[other]:
        if door.turn == other:
            door.wants[me] = False
            while door.turn == other:
                pass
            door.wants[me] = True
            fence()


def leave(door, me):
    door.turn = 1 - me
    door.wants[me] = False
