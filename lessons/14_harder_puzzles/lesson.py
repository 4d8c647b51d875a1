# %% [markdown] id="title"
# # 14 · Harder puzzles
#
# Lesson 13 said how to attack a puzzle. The harder ones need three ideas more. Each gets a small story here, so that you know it
# when you meet it again.
#
# After this you can …
#
# - let a group start together: the last one who comes opens the gate;
# - keep two kinds of people apart: the first one of a kind closes, the last one opens;
# - work with somebody whose code you may not change.

# %% id="imports"
from labkit import Mutex, Semaphore, explore, now, run, sleep, spawn
from labkit.course import predict, reveal

# %% [markdown] id="the-last-one"
# ## Groups: the last one opens the gate
#
# *Three people share a taxi. It leaves when all three have come, and one of them pays: the one who came last.* Everybody counts
# herself, looks whether she is the last one, and if so opens the gate for all.
#
# Counting needs a mutex, we know that. Here only counting is inside of it.


# %% id="the-taxi"
def taxi(board):
    """Three people board one taxi; exactly one of them pays."""

    def ride():
        count, lock, gate = [0], Mutex("count"), Semaphore(0, "gate")
        people = [spawn(board, count, lock, gate, name=name) for name in ("Ann", "Bob", "Cem")]
        paying = sum(person.join() for person in people)
        assert paying == 1, f"{paying} people pay"

    return ride


# %% id="predict-look-later" tags=["predict"]
predict(
    "p14-look-later",
    "Each counts under the mutex, and looks after it. What can go wrong?",
    ["nothing", "nobody is the last one", "more than one is the last one"],
)


# %% id="look-later" tags=["break-it"]
def count_then_look(count, lock, gate):
    with lock:
        count[0] += 1
    last = count[0] == 3
    if last:
        gate.release(3)
    gate.acquire()
    return last


verdict = explore(taxi(count_then_look))
print(verdict.explain())
reveal("p14-look-later", "C", because="Whoever looks late sees the 3 that somebody else has made.")


# %% [markdown] id="you-are-the-scheduler"
# **You are the scheduler.** Let all three count before anybody looks: then all three pay. To count and to look must be one
# step. So the look goes into the `with`; the gate is opened there too, and waiting at it comes after.


# %% id="play-look-later" tags=["demo"]
verdict.play()


# %% id="count-and-look"
def count_and_look(count, lock, gate):
    with lock:
        count[0] += 1
        last = count[0] == 3
        if last:
            gate.release(3)
    gate.acquire()
    return last


explore(taxi(count_and_look))

# %% [markdown] id="the-light-switch"
# ## Two kinds: the first one closes, the last one opens
#
# *Cats eat together, dogs eat together, but never a cat and a dog.* For a dog, five cats are like one: cats are there. So the
# first cat takes the bowl for all cats, and the last one gives it back. Who comes into a dark room switches the light on; who
# leaves last switches it off. Downey calls it a **light switch**
# (*The Little Book of Semaphores*, 2nd edition 2016, chapter 4).


# %% id="the-switch"
def come(here, lock, light):
    with lock:
        here[0] += 1
        if here[0] == 1:
            light.acquire()


def go(here, lock, light):
    with lock:
        here[0] -= 1
        if here[0] == 0:
            light.release()


# %% id="cats-and-dogs"
def eat(switch, word):
    """An animal such as "C4" comes in second 4, eats for 10 seconds, and tells when it began."""
    sleep(int(word[1:]))
    come(*switch[word[0]])
    began = round(now())
    sleep(10)
    go(*switch[word[0]])
    return began


def bowl(words, light):
    """Cats and dogs come to one bowl."""
    switch = {kind: ([0], Mutex(f"count of {kind}"), light) for kind in "CD"}
    return {animal.name: animal.join() for animal in [spawn(eat, switch, word, name=word) for word in words.split()]}


# %% id="predict-the-dog" tags=["predict"]
predict("p14-the-dog", "C0 eats from second 0, C4 from second 4. When does D5 begin?", ["10", "14", "24"])

# %% id="the-dog-waits" tags=["demo"]
meal = run(lambda: bowl("C0 C4 D5", Semaphore(1, "bowl")))
print(meal.result)
reveal("p14-the-dog", str(meal.result["D5"]), because="The last cat gives the bowl back, and that is C4, in second 14.")
meal.timeline()

# %% [markdown] id="who-gives-back"
# C0 took the bowl, and C4 gave it back. A `Mutex` would not allow that: only its owner may release it. A semaphore has no owner.
# This is why the light is a `Semaphore(1)`.
#
# ## Somebody whose code you may not change
#
# *A market delivers flour and eggs, or flour and milk. The baker needs flour and eggs, the cook flour and milk.* The market
# releases one semaphore for each thing. It knows no baker and no cook, and you cannot change the market.


# %% id="the-market"
def take(there, things, done):
    """Baker or cook: takes one thing after the other."""
    for thing in things:
        there[thing].acquire()
    done.release()


def market(there, deliveries, done):
    """Puts two things down, and waits until somebody has used them."""
    for things in deliveries:
        for thing in things:
            there[thing].release()
        done.acquire()


# %% id="the-kitchen"
def kitchen():
    """Flour and eggs come, then flour and milk."""
    there = {thing: Semaphore(0, thing) for thing in ("flour", "eggs", "milk")}
    done = Semaphore(0, "done")
    for_baker, for_cook = ("flour", "eggs"), ("flour", "milk")
    people = [spawn(take, there, for_baker, done, name="baker"), spawn(take, there, for_cook, done, name="cook")]
    market(there, [for_baker, for_cook], done)
    for person in people:
        person.join()


# %% id="predict-the-market" tags=["predict"]
predict(
    "p14-the-market",
    "First flour and eggs come; when they are used up, flour and milk. Do all schedules end well?",
    ["all of them", "some of them", "none"],
)

# %% id="explore-the-market" tags=["break-it"]
verdict = explore(kitchen)
print(verdict.explain())
reveal("p14-the-market", "B", because=f"{verdict.failing} of {verdict.runs}: the cook has the flour that the baker needs.")

# %% [markdown] id="a-helper-between"
# No lock around the two `acquire` helps: the cook cannot know whose turn it is before the second thing has come. What helps is
# somebody **between**: a thread for each thing that notes what has come, and wakes the right person when the second one is
# there. That is exercise 14c.
#
# ## How could this pass and be wrong?
#
# With the cook away the kitchen passes in every schedule. The mistake needs somebody who takes what is not meant for him. When
# you explore, let also those people come whose turn it is not.

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. A group: to count and to see that I am the last one is one step; the last one opens for all.
# 2. Two kinds: the first one takes the place for its kind, the last one gives it back, and a semaphore has no owner.
# 3. Who may not be changed gets a helper that sees all that he does, and wakes whoever is meant.
#
# Back to the beginning: [lesson 13](13_puzzles.ipynb). [Exercises 14](../exercises/14_harder_puzzles.ipynb). Words:
# [glossary](../GLOSSARY.md).
