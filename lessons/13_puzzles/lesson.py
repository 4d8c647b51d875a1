# %% [markdown] id="title"
# # 13 · Puzzles
#
# Threads have had their puzzles since Dijkstra's *Cooperating sequential processes* of 1965. They are small stories in which
# people wait for one another. Each one holds a mistake that real programs make.
#
# After this you can …
#
# - turn a story into variables and a condition that must always hold;
# - let every schedule try to break your answer, and read the one that does;
# - find answers that break nothing and are still wrong: they allow too little, or let somebody wait for ever.

# %% id="imports"
from labkit import Atomic, Condition, Semaphore, explore, now, run, sleep, spawn
from labkit.course import predict, reveal

OTHER = {"E": "W", "W": "E"}  # the other side of a bridge, later on

# %% [markdown] id="how-to-attack-a-puzzle"
# ## How to attack a puzzle
#
# 1. **State it.** Which variables say how things stand? What must never happen?
# 2. **Write that down** as an assertion, at the place where it could go wrong.
# 3. **Explore.** Let every schedule try to break it.
# 4. **Read** the schedule that does. Say aloud who came between whose two steps.
# 5. **Mend** it, and explore again.
# 6. **Ask what it allows.** Can those be together who may? Does everybody have a turn?
#
# It is tempting to stop after step 5. A program in which nothing ever happens passes steps 1 to 5.

# %% [markdown] id="a-story-and-its-variables"
# ## Two friends
#
# *A and B want to enter the museum together. Each comes to the door alone, and waits there for the other.* This is called a
# **rendezvous**.
#
# **State it.** Two facts matter: A has come, B has come. So: `came["A"]` and `came["B"]`. **Never:** A goes in while
# `came["B"]` is False, or the other way round. That is an assertion, and its place is right after the meeting.
#
# How they meet is the puzzle, so it comes from outside: `meet`. It gets two semaphores, one for each fact.
#
# Source: Allen B. Downey, *The Little Book of Semaphores*, 2nd edition 2016, chapter 3, "Rendezvous".


# %% id="the-museum"
def museum(meet):
    """The program to explore: A and B come to the door, meet there, and go in."""

    def two_friends():
        came = {"A": False, "B": False}
        here = {"A": Semaphore(0, "A is here"), "B": Semaphore(0, "B is here")}

        def friend(me, other):
            came[me] = True
            meet(here, me, other)
            assert came[other], f"{me} went in before {other} had come"

        for thread in [spawn(friend, "A", "B", name="A"), spawn(friend, "B", "A", name="B")]:
            thread.join()

    return two_friends


# %% id="predict-no-meeting" tags=["predict"]
predict(
    "p13-no-meeting",
    "First we let meet() do nothing. Do all schedules fail?",
    ["all of them", "some of them", "none: the friends are quick"],
)


# %% id="no-meeting" tags=["break-it"]
def do_nothing(here, me, other):
    pass


verdict = explore(museum(do_nothing))
print(verdict.explain())
reveal("p13-no-meeting", "B", because=f"{verdict.failing} of {verdict.runs} fail. If both come before one looks, all is well.")

# %% [markdown] id="you-are-the-scheduler"
# Now **you are the scheduler**. Click on the thread that shall take the next step, and let A go in alone. Two clicks are
# enough. Then go back to the start and look for a schedule in which nothing happens. A test that runs once has met that one.

# %% id="play-no-meeting" tags=["demo"]
verdict.play()

# %% [markdown] id="make-sure-first"
# ## A repair that is none
#
# "Before I say that I am here, I make sure that the other one is." It sounds careful. `acquire` waits for the other one's fact,
# `release` says that mine has come true.


# %% id="wait-first" tags=["break-it"]
def wait_first(here, me, other):
    here[other].acquire()
    here[me].release()


explore(museum(wait_first)).explain()

# %% [markdown] id="say-why-deadlock"
# Downey calls this one "Deadlock #1": each waits for a release that stands behind the other one's wait. No assertion failed,
# since nobody ever came to the assertion. `explore` says it anyway: a program that stands still is a failure like any other.
#
# The cure is to turn the two lines round. **Say first, then wait.**

# %% id="predict-schedules-left" tags=["predict"]
predict(
    "p13-schedules-left",
    "With the two lines turned round: how many different schedules does explore() have to run to prove it?",
    ["1", "2", "20"],
)


# %% id="say-first"
def say_first(here, me, other):
    here[me].release()
    here[other].acquire()


verdict = explore(museum(say_first))
print(verdict, "Interleavings:", verdict.interleavings)
reveal("p13-schedules-left", str(verdict.runs), because="The semaphores put all steps that meet in one order.")

# %% [markdown] id="what-a-proof-holds-for"
# A good rendezvous leaves no freedom where it matters, so all interleavings are the same to everybody inside. You can play it,
# with `verdict.play()`: whatever you click, you cannot break it.
#
# Step 6 is quickly done here: both go in, always. For the next story it is not.

# %% [markdown] id="the-bridge"
# ## A bridge with one lane
#
# *Cars come from east and from west to a bridge. It is too narrow for two cars to pass each other. Cars that go the same way
# may follow one another over it.*
#
# **State it.** How many cars are on the bridge from the east, how many from the west: `on["E"]`, `on["W"]`. **Never:** cars
# from both sides at once. **Always:** two cars of one side *can* be on it together, and everybody gets over.
#
# The program gives back the largest number of cars that were on the bridge together. That is for step 6.


# %% id="the-traffic"
def bridge(Lane, cars):
    """Cars such as "EEW" come to a bridge with one lane."""

    def traffic():
        lane, on = Lane(), {"E": Atomic(0, name="cars from E"), "W": Atomic(0, name="cars from W")}

        def car(side):
            lane.drive_on(side)
            together = on[side].fetch_add(1) + 1
            assert on[OTHER[side]].load() == 0, "two cars meet on the bridge"
            on[side].fetch_add(-1)
            lane.drive_off(side)
            return together

        return max([thread.join() for thread in [spawn(car, side, name=f"{side}{n}") for n, side in enumerate(cars)]])

    return traffic


# %% id="predict-one-car" tags=["predict"]
predict(
    "p13-one-car",
    "One car at a time, whatever side it comes from. What does explore() say?",
    ["it fails: two cars meet", "it fails: a deadlock", "it passes"],
)


# %% id="one-car-at-a-time"
class OneCar:
    def __init__(self):
        self.bridge = Semaphore(1, "bridge")

    def drive_on(self, side):
        self.bridge.acquire()

    def drive_off(self, side):
        self.bridge.release()


verdict = explore(bridge(OneCar, "EEW"))
reveal("p13-one-car", "C", because="Two cars that never meet cannot meet from two sides.")
verdict

# %% [markdown] id="safe-and-useless"
# It passed, and it is wrong. Read on in that line: its result is *always 1*. Two cars from the east never share the bridge.
# This is **over-locking**: one lock around everything. It breaks no rule, so no assertion finds it. You find it by asking what
# *can* happen: `verdict.outcomes`.
#
# Now the rule itself, as the story says it: wait only for the *other* side.


# %% id="one-direction"
class OneDirection:
    def __init__(self):
        self.on, self.changed = {"E": 0, "W": 0}, Condition(name="changed")

    def drive_on(self, side):
        with self.changed:
            while self.on[OTHER[side]] > 0:
                self.changed.wait()
            self.on[side] += 1

    def drive_off(self, side):
        with self.changed:
            self.on[side] -= 1
            self.changed.notify_all()


# %% id="explore-one-direction"
explore(bridge(OneDirection, "EEW"))

# %% [markdown] id="does-everybody-have-a-turn"
# Safe, and two can be on it together. One question is left: does everybody have a turn? Exploring cannot tell, since the story
# goes on for ever and a program to explore must end. So we look at one run, by a virtual clock. Each car needs 10 seconds for
# the bridge; `"W1"` comes from the west in second 1.


# %% id="cars-by-the-clock"
def crossing(Lane, words):
    """A run whose result says in which second each car drove onto the bridge."""
    lane = Lane()

    def car(word):
        sleep(int(word[1:]))
        lane.drive_on(word[0])
        drove_on = round(now())
        sleep(10)
        lane.drive_off(word[0])
        return drove_on

    def main():
        return {thread.name: thread.join() for thread in [spawn(car, word, name=word) for word in words.split()]}

    return run(main)


# %% id="predict-the-wait" tags=["predict"]
predict(
    "p13-the-wait",
    "A car from the east every 8 seconds: E0 E8 E16 E24, and W1. In which second does W1 drive onto the bridge?",
    ["10", "18", "34"],
)

# %% id="the-car-that-waits" tags=["demo"]
cars = crossing(OneDirection, "E0 W1 E8 E16 E24")
print(cars.result)
reveal("p13-the-wait", str(cars.result["W1"]), because="The bridge was never empty of cars from the east.")
cars.timeline()

# %% [markdown] id="starvation"
# Find W1 in the picture: it waits for `changed`, is woken, and waits again, three times. With one more car from the east every
# 8 seconds it waits for ever. This is **starvation**: nothing bad ever happens, and to W1 nothing good. Whether you must
# prevent it, the story decides; exercises 13e to 13g are one story with three answers.
#
# ## How could this pass and be wrong?
#
# What was proven, was proven for three cars, not for all cars of the world. How much that matters shows a lane that looks only
# once: `if` where there was `while`.


# %% id="predict-looks-once" tags=["predict"]
predict(
    "p13-looks-once",
    "`if` for `while`, with two cars, EW, and with three, EEW. What does explore() say?",
    ["both pass", "two cars pass, three fail", "both fail"],
)


# %% id="looks-once" tags=["break-it"]
class LooksOnce(OneDirection):
    def drive_on(self, side):
        with self.changed:
            if self.on[OTHER[side]] > 0:
                self.changed.wait()
            self.on[side] += 1


print("EW: ", explore(bridge(LooksOnce, "EW")))
print("EEW:", explore(bridge(LooksOnce, "EEW")).explain())
reveal("p13-looks-once", "B", because="E1 leaves and wakes W2 while E0 is still on the bridge; W2 does not look again.")

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. A puzzle is variables and a condition: write it down as an assertion, and let every schedule try to break it.
# 2. An answer that breaks nothing may still allow too little. Ask what must be possible, and look for it among the outcomes.
# 3. A proof holds for the program that was explored: give it as many threads as the mistake needs, and one more.
#
# [Exercises 13](../exercises/13_puzzles.ipynb): seven puzzles. Next: [14 · Harder puzzles](14_harder_puzzles.ipynb). Words:
# [glossary](../GLOSSARY.md).
