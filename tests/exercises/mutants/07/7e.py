# %% id="if-not-while" why="who is woken has the money"
def order():
    return "o c b f a e l h j"


# %% id="notify-one" why="who is woken is the one who can go on"
def order():
    return "o c g f a e l h d"


# %% id="yields-with-the-lock" why="a loop that yields is waiting"
def order():
    return "o c g m a e l h j"


# %% id="looks-before-it-locks" why="looking harms nobody"
def order():
    return "o i f c a e l h j"


# %% id="releases-twice" why="with leaves the release to you"
def order():
    return "o c g f a e l h j n"


# %% id="prints-only" why="to say it is to wake the others"
def order():
    return "o c g f a e l h p"


# %% id="tells-nobody" why="a change is seen by whoever needs it"
def order():
    return "o c g f a e l h"


# %% id="takes-before-it-looks" why="first take, then see whether it was there"
def order():
    return "o c a g f e l h j"


# %% id="yields-and-tells-nobody" why="after a yield the others will look"
def order():
    return "o c g f a e l h k"


# %% id="one-method" why="the money comes and goes in one place"
def order():
    return "o c g f a h j"
