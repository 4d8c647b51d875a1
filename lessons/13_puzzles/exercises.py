# %% [markdown] id="title"
# # Exercises 13 · Puzzles
#
# Seven classic puzzles, from easy to hard, 5 to 25 lines each. You write a small class; the threads that use it are given, and
# so are the assertions that watch them. Semaphores, or a mutex with condition variables: both ways are right.
#
# `explore` runs every schedule. If one fails, you see it step by step. A second kind of check asks whether your answer still
# *allows* what it should: a program in which nothing ever happens breaks no rule.
#
# Stuck? `hint("13a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
from labkit import Atomic, Condition, Deadlock, Mutex, Semaphore, explore, now, run, sched_yield, sleep, spawn
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("13a")

# %% [markdown] id="the-timetable"
# Some checks let people come by the clock. `timetable("A0 B30", visit)` lets A come in second 0 and B in second 30; each calls
# `visit` with its letter, in a thread of its own. Back comes what each call gave. The clock is virtual: an hour costs nothing,
# and the run repeats exactly.


# %% id="timetable"
def timetable(words, visit):
    """Everybody comes in the second that the word says; what visit(letter) gave to each."""

    def main():
        def come(word):
            sleep(int(word[1:]))
            return visit(word[0])

        threads = {word: spawn(come, word, name=word) for word in words.split()}
        return {word: thread.join() for word, thread in threads.items()}

    return run(main).result


# %% [markdown] id="13a-text"
# ## 13a · Rendezvous
#
# Two friends, A and B, want to enter the museum together. Each comes to the door alone, and waits there for the other.
#
# - **Never:** one goes in before the other has come.
# - **Always:** both go in, whoever comes first.
#
# Each friend calls `meet(me, other)` once, with names "A" and "B". It comes back when both have come.
#
# Source: Allen B. Downey, *The Little Book of Semaphores*, 2nd edition 2016, section 3.3.


# %% id="13a-given"
def two_friends():
    """A and B come to the door, meet there, and go in."""
    door = Rendezvous()
    came = {"A": False, "B": False}

    def friend(me, other):
        came[me] = True
        door.meet(me, other)
        assert came[other], f"{me} went in before {other} had come"

    for thread in [spawn(friend, "A", "B", name="A"), spawn(friend, "B", "A", name="B")]:
        thread.join()


# %% id="13a-clock"
def friends(words):
    """In which second each of the friends went in: friends("A0 B30")."""
    door = Rendezvous()

    def visit(me):
        door.meet(me, "B" if me == "A" else "A")
        return round(now())

    return timetable(words, visit)


# %% id="13a-solution" tags=["exercise"]
class Rendezvous:
    """A place where A and B wait for each other."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.here = {"A": Semaphore(0, "A is here"), "B": Semaphore(0, "B is here")}
        ### END SOLUTION

    def meet(self, me, other):
        """I have come; go on when the other has come too."""
        ### BEGIN SOLUTION
        self.here[me].release()
        self.here[other].acquire()
        ### END SOLUTION


# %% id="13a-check" tags=["check"]
check("callable(Rendezvous().meet)", why="the friends share one Rendezvous() and call its meet(me, other)")
check("explore(two_friends)", why="say that you are here before you wait, and wait for the other one, not for yourself")
check("friends('A0 B3600')", {"A0": 3600, "B3600": 3600}, why="A has an hour to wait: asleep, not looking again and again")
### BEGIN HIDDEN TESTS
check("friends('B0 A3600')", {"B0": 3600, "A3600": 3600}, why="the same if B comes first")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# A proof by exploring holds for the program that was explored: two or three threads, one or two rounds. A mistake that needs
# five readers would not be seen. So keep your numbers out of the code: write `n`, not 2.
#
# **Keep this.** Write down what must never happen as an assertion, and let it be watched in every schedule. Then ask what must be
# possible. Most wrong answers fail one of the two.
#
# Words: [glossary](../GLOSSARY.md)
