# %% [markdown] id="title"
# # Exercises 14 · Harder puzzles
#
# NUMBER classic puzzles, as in exercises 13: you write a small class, and the threads that use it are given. Semaphores, or a
# mutex with condition variables: both ways are right.
#
# `explore` runs every different schedule. If one fails, you see it step by step. Other checks ask what must be possible.
#
# Stuck? `hint("14a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
from labkit import (  # noqa: F401 — some of them are for you
    Atomic, Condition, Mutex, Semaphore, explore, now, run, sched_yield, sleep, spawn,
)  # fmt: skip
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("14a")

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


# %% [markdown] id="14a-text"
# ## 14a · Dining philosophers
#
# `n` philosophers sit round a table. Between each two lies one fork, and to eat one needs both: the one on the left and the
# one on the right. Seat `i` has fork `i` on its left and fork `(i + 1) % n` on its right.
#
# - **Never:** one fork is in two hands.
# - **Always:** everybody eats in the end, and two who share no fork can eat at the same time.
#
# A philosopher calls `take(seat)`, eats, and calls `put_back(seat)`. Three ideas work: an order of the forks, a waiter, or one
# seat fewer than there are forks.
#
# Source: E. W. Dijkstra, *Hierarchical ordering of sequential processes*, 1971; Downey, *The Little Book of Semaphores*, 2nd
# edition 2016, chapter 4, "Dining philosophers".


# %% id="14a-given"
def dinner(n):
    """n philosophers sit down, and each eats once."""

    def evening():
        table, hand = Table(n), ["nobody"] * n

        def philosopher(me, left, right):
            table.take(left)
            hand[left] = hand[right] = me
            assert hand[left] == me and hand[right] == me, f"two philosophers eat with one fork of {me}"
            table.put_back(left)

        for thread in [spawn(philosopher, name, i, (i + 1) % n, name=name) for i, name in enumerate("ABCDE"[:n])]:
            thread.join()

    return evening


# %% id="14a-clock"
def meals(n, words):
    """In which second each philosopher began to eat; A has seat 0, B seat 1, and so on. Everybody eats for 10 seconds."""
    table = Table(n)

    def visit(name):
        seat = "ABCDE".index(name)
        table.take(seat)
        began = round(now())
        sleep(10)
        table.put_back(seat)
        return began

    return timetable(words, visit)


# %% id="14a-solution" tags=["exercise"]
class Table:
    """A table with n seats and n forks."""

    def __init__(self, n):
        ### BEGIN SOLUTION
        self.n = n
        self.forks = [Mutex(f"fork {i}") for i in range(n)]
        ### END SOLUTION

    def take(self, seat):
        """Take the fork left of this seat and the fork right of it; wait while a neighbour has one."""
        ### BEGIN SOLUTION
        for fork in sorted((seat, (seat + 1) % self.n)):  # all take the lower number first: no circle
            self.forks[fork].acquire()
        ### END SOLUTION

    def put_back(self, seat):
        """Put both forks back."""
        ### BEGIN SOLUTION
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()
        ### END SOLUTION


# %% id="14a-check" tags=["check"]
check("callable(Table(2).take)", why="all philosophers share one Table(n) and call its take(seat) and put_back(seat)")
check("meals(3, 'A0 B1')", {"A0": 0, "B1": 10}, why="B sleeps until A puts back the fork between them")
check("explore(dinner(2), runs=3000)", why="who holds one fork and waits for another can be part of a circle")
check("explore(dinner(3), runs=3000)", why="no circle of waiting round the table, however many sit there")
check("meals(4, 'A0 C1')", {"A0": 0, "C1": 1}, why="over-locking: A and C share no fork, so they eat at the same time")
### BEGIN HIDDEN TESTS
check("explore(dinner(2), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("explore(dinner(3), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("meals(5, 'A0 C1 E20 D25')", {"A0": 0, "C1": 1, "E20": 20, "D25": 30}, why="n is what the table was made with")
check("meals(5, 'B0 C1')", {"B0": 0, "C1": 10}, why="neighbours share a fork, wherever they sit")
### END HIDDEN TESTS

