# %% [markdown] id="title"
# # Exercises 13 · Puzzles
#
# Seven classic puzzles, from easy to hard, 5 to 25 lines each. You write a small class; the threads that use it are given, and
# so are the assertions that watch them. Semaphores, or a mutex with condition variables: both ways are right.
#
# `explore` runs every different schedule. If one fails, you see it step by step. A second kind of check asks whether your
# answer still *allows* what it should: a program in which nothing ever happens breaks no rule.
#
# Stuck? `hint("13a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
from labkit import (  # noqa: F401 — some of them are for you
    Atomic, Condition, Mutex, Semaphore, explore, now, run, sched_yield, sleep, spawn,
)  # fmt: skip
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
# Source: Allen B. Downey, *The Little Book of Semaphores*, 2nd edition 2016, chapter 3, "Rendezvous".


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
check("explore(two_friends, spurious=True)", why="a thread may wake although nobody notified: a wait stands in a while")
check("friends('A0 B3600')", {"A0": 3600, "B3600": 3600}, why="A has an hour to wait: asleep, not looking again and again")
### BEGIN HIDDEN TESTS
check("friends('B0 A3600')", {"B0": 3600, "A3600": 3600}, why="the same if B comes first")
### END HIDDEN TESTS

# %% [markdown] id="13b-text"
# ## 13b · Multiplex
#
# A reading room has `n` chairs. Whoever comes when all are taken waits at the door until somebody leaves. A lock would admit
# one; we want a lock that admits `n`.
#
# - **Never:** more than `n` people are inside.
# - **Always:** `n` can be inside at the same time, and a chair that becomes free is used again.
#
# Each visitor calls `enter()`, reads, and calls `leave()`.
#
# Source: Downey, chapter 3, "Multiplex".


# %% id="13b-given"
def crowd(n, people):
    """So many people come to a room with n chairs; gives the largest number that was inside at once."""

    def room():
        door, inside = Multiplex(n), Atomic(0, name="inside")

        def visitor():
            door.enter()
            seen = inside.fetch_add(1) + 1
            assert seen <= n, f"{seen} people are inside"
            inside.fetch_add(-1)
            door.leave()
            return seen

        return max([visit.join() for visit in [spawn(visitor, name=name) for name in "ABC"[:people]]])

    return room


# %% id="13b-clock"
def visitors(n, words):
    """In which second each visitor sat down; everybody stays for 10 seconds."""
    door = Multiplex(n)

    def visit(name):
        door.enter()
        sat_down = round(now())
        sleep(10)
        door.leave()
        return sat_down

    return timetable(words, visit)


# %% id="13b-solution" tags=["exercise"]
class Multiplex:
    """A door that lets at most n people be inside."""

    def __init__(self, n):
        ### BEGIN SOLUTION
        self.chairs = Semaphore(n, "chairs")
        ### END SOLUTION

    def enter(self):
        """Go in; wait as long as n people are inside."""
        ### BEGIN SOLUTION
        self.chairs.acquire()
        ### END SOLUTION

    def leave(self):
        """Go out; somebody who waits may come in."""
        ### BEGIN SOLUTION
        self.chairs.release()
        ### END SOLUTION


# %% id="13b-check" tags=["check"]
check("callable(Multiplex(2).enter)", why="all visitors share one Multiplex(n) and call its enter() and leave()")
check("visitors(1, 'A0 B1')", {"A0": 0, "B1": 10}, why="one chair: B sleeps until A leaves in second 10")
check("explore(crowd(1, 2), runs=3000)", why="with one chair it is a mutex: one after the other, and both have their turn")
check("sorted(explore(crowd(2, 2), runs=3000).outcomes)", [1, 2], why="two chairs, two people: sometimes both are inside")
check("visitors(2, 'A0 B1 C2')", {"A0": 0, "B1": 1, "C2": 10}, why="A and B sit at the same time, C waits for a free chair")
check("explore(crowd(2, 3), runs=3000)", why="there are n chairs: to look for one and to take it must be one step")
### BEGIN HIDDEN TESTS
check("explore(crowd(1, 2), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("explore(crowd(1, 3), runs=3000)", why="with one chair it is a mutex; whoever wakes must look again")
check(
    "visitors(3, 'A0 B1 C2 D3 E4')",
    {"A0": 0, "B1": 1, "C2": 2, "D3": 10, "E4": 11},
    why="n is what the door was made with, not 2, and each chair is used again",
)
check("visitors(1, 'A0 B1 C2')", {"A0": 0, "B1": 10, "C2": 20}, why="one chair, one after the other")
### END HIDDEN TESTS

# %% [markdown] id="13c-text"
# ## 13c · A barrier that can be used again
#
# `n` hikers walk from hut to hut, each at a pace of their own. At each hut they wait until all have come.
#
# - **Never:** a hiker leaves a hut to which somebody has not come yet.
# - **Always:** when the last one comes, all go on; and the same barrier works at the next hut.
#
# At each hut a hiker calls `wait()`. The trap is the quick hiker: she is at the second hut before a slow one has left the
# first.
#
# Write it without `labkit.Barrier`. Source: Downey, chapter 3, "Reusable barrier".


# %% id="13c-given"
def hike(hikers, huts):
    """Hikers, such as "AB", walk to so many huts with one barrier."""

    def tour():
        barrier, came = ReusableBarrier(len(hikers)), [dict.fromkeys(hikers, False) for _ in range(huts)]

        def hiker(me):
            for hut in range(huts):
                came[hut][me] = True
                barrier.wait()
                for other in hikers:
                    assert came[hut][other], f"{me} left hut {hut}, and {other} had not come there yet"

        for thread in [spawn(hiker, name, name=name) for name in hikers]:
            thread.join()

    return tour


# %% id="13c-clock"
def huts(words):
    """In which seconds each hiker left three huts. From hut to hut A walks 1 second, B 2, C 3, and so on."""
    barrier = ReusableBarrier(len(words.split()))

    def visit(name):
        left = []
        for _ in range(3):
            barrier.wait()
            left.append(round(now()))
            sleep(" ABCDE".index(name))
        return left

    return timetable(words, visit)


# %% id="13c-solution" tags=["exercise"]
class ReusableBarrier:
    """Threads wait until n of them have come; then all go on, and it can be used again."""

    def __init__(self, n):
        ### BEGIN SOLUTION
        self.n = n
        self.waiting = 0
        self.round = 0
        self.lock = Mutex("barrier")
        self.all_came = Condition(self.lock, "all came")
        ### END SOLUTION

    def wait(self):
        """Wait until all n have called wait() as often as I have."""
        ### BEGIN SOLUTION
        with self.lock:
            mine = self.round
            self.waiting += 1
            if self.waiting == self.n:
                self.waiting = 0
                self.round += 1  # the old round is over, for those too who have not woken yet
                self.all_came.notify_all()
            while self.round == mine:
                self.all_came.wait()
        ### END SOLUTION


# %% id="13c-check" tags=["check"]
check("callable(ReusableBarrier(2).wait)", why="all hikers share one ReusableBarrier(n) and call its wait() at each hut")
check("explore(hike('AB', 1), runs=3000)", why="nobody goes on before all have come, and then all do")
check("huts('A0 B5 C9')", {name: [9, 12, 15] for name in ("A0", "B5", "C9")}, why="three hikers, each round ends for all of them")
check("explore(hike('AB', 2), runs=3000)", why="who is quick comes to the next round while others still leave this one")
### BEGIN HIDDEN TESTS
check("explore(hike('AB', 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("huts('A0')", {"A0": [0, 1, 2]}, why="one hiker alone is all hikers")
check("huts('B0 A3')", {"B0": [3, 5, 7], "A3": [3, 5, 7]}, why="whoever comes last opens it")
check(
    "huts('E9 A0 D1 B5')",
    {name: [9, 14, 19] for name in ("E9", "A0", "D1", "B5")},
    why="n is what the barrier was made with, and every round wakes all",
)
### END HIDDEN TESTS

# %% [markdown] id="13d-text"
# ## 13d · Bounded buffer
#
# Bakers put loaves on a shelf, buyers take them. The shelf holds `size` loaves.
#
# - **Never:** a loaf is lost, sold twice, or put on a full shelf. Loaves leave in the order in which they came.
# - **Always:** a baker puts without waiting while there is room, a buyer takes without waiting while there is bread.
#
# `put(loaf)` waits while the shelf is full; `get()` waits while it is empty, and returns the loaf.
#
# Source: E. W. Dijkstra, *Cooperating sequential processes*, 1965; Downey, chapter 4, "Producer-consumer with a finite buffer".


# %% id="13d-people"
def baker(shelf, loaves):
    """Puts loaves on the shelf, one after the other."""
    for loaf in loaves:
        shelf.put(loaf)


def buyer(shelf, number):
    """Takes so many loaves from the shelf."""
    return [shelf.get() for _ in range(number)]


# %% id="13d-given"
def bakery(size, baked, buyers):
    """For each word of baked, such as "ab c", a baker puts its letters; gives all that was sold, buyer after buyer."""

    def shop():
        shelf, loaves = Buffer(size), sorted(baked.replace(" ", ""))
        each = len(loaves) // buyers
        bakers = [spawn(baker, shelf, word, name=f"baker_{word}") for word in baked.split()]
        shopping = [spawn(buyer, shelf, each, name=f"buyer_{n + 1}") for n in range(buyers)]
        sold = [loaf for thread in bakers + shopping for loaf in thread.join() or []]
        assert sorted(sold) == loaves, f"baked: {loaves}, sold: {sorted(sold)}"
        return "".join(sold)

    return shop


# %% id="13d-clock"
def shelf(size, words):
    """In which second each was served: P puts a loaf, G gets one."""
    buffer = Buffer(size)

    def visit(what):
        if what == "P":
            buffer.put("a loaf")
        else:
            buffer.get()
        return round(now())

    return timetable(words, visit)


# %% id="13d-solution" tags=["exercise"]
class Buffer:
    """A shelf for at most size loaves, first in, first out."""

    def __init__(self, size):
        ### BEGIN SOLUTION
        self.loaves = []
        self.lock = Mutex("shelf")
        self.free = Semaphore(size, "free places")
        self.full = Semaphore(0, "loaves there")
        ### END SOLUTION

    def put(self, loaf):
        """Put a loaf at the end; wait while the shelf is full."""
        ### BEGIN SOLUTION
        self.free.acquire()
        with self.lock:
            self.loaves.append(loaf)
        self.full.release()
        ### END SOLUTION

    def get(self):
        """Take the loaf that has been there longest; wait while there is none."""
        ### BEGIN SOLUTION
        self.full.acquire()
        with self.lock:
            loaf = self.loaves.pop(0)
        self.free.release()
        return loaf
        ### END SOLUTION


# %% id="13d-check" tags=["check"]
check("callable(Buffer(2).put)", why="bakers and buyers share one Buffer(size) and call its put(loaf) and get()")
check("shelf(2, 'G0 P8')", {"G0": 8, "P8": 8}, why="the buyer sleeps until there is a loaf, and leaves the shelf to the baker")
check("explore(bakery(1, 'ab', 1), runs=3000)", why="whoever waits at the shelf must leave it to the one who ends the waiting")
check(
    "shelf(2, 'P0 P1 P2 P3 G8 G9')",
    {"P0": 0, "P1": 1, "P2": 8, "P3": 9, "G8": 8, "G9": 9},
    why="two loaves fit; the third baker sleeps until somebody takes one",
)
check("explore(bakery(1, 'a b', 2), runs=3000)", why="two bakers and two buyers wait at one shelf: each must wake the right one")
check("explore(bakery(2, 'a b', 2), runs=3000)", why="two bakers are at the shelf at once, and must not share a place")
check("set(explore(bakery(2, 'abc', 1), runs=3000).outcomes)", {"abc"}, why="what was put first is taken first")
### BEGIN HIDDEN TESTS
check("explore(bakery(1, 'ab', 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("explore(bakery(1, 'ab', 2), runs=3000)", why="one baker, two buyers, one place: every loaf wakes somebody")
check("explore(bakery(1, 'a b', 1), runs=3000)", why="two bakers, one buyer, one place: every free place wakes somebody")
check(
    "shelf(3, 'P0 P1 P2 P3 G9')",
    {"P0": 0, "P1": 1, "P2": 2, "P3": 9, "G9": 9},
    why="the size is the one that the shelf was made with",
)
check("shelf(1, 'P0 G5 P6 G7')", {"P0": 0, "G5": 5, "P6": 6, "G7": 7}, why="nobody waits who need not")
### END HIDDEN TESTS

# %% [markdown] id="13e-text"
# ## 13e · Readers and writers, readers first
#
# Many people read a page, some rewrite it. Reading together does no harm; writing needs the page for oneself.
#
# - **Never:** anybody else is there, reader or writer, while a writer writes.
# - **Always:** readers read together. In this version **readers first**: as long as somebody reads, another reader may join,
#   even if a writer waits.
#
# A reader calls `start_read()` and `end_read()`, a writer `start_write()` and `end_write()`.
#
# Source: P. J. Courtois, F. Heymans, D. L. Parnas, "Concurrent Control with 'Readers' and 'Writers'", CACM 14(10), 1971,
# problem 1.


# %% id="13e-people"
def reader(desk, page):
    """Reads both lines of the page: they say the same, unless somebody is just writing."""
    desk.start_read()
    assert page[0] == page[1], "a reader saw a page that was half written"
    desk.end_read()


def writer(desk, page):
    """Adds 1 to both lines of the page."""
    desk.start_write()
    page[0] += 1
    page[1] += 1
    desk.end_write()


# %% id="13e-given"
def library(Desk, readers, writers):
    """So many readers and writers come to one page."""

    def reading_room():
        desk, page = Desk(), [0, 0]
        people = [spawn(reader, desk, page, name=f"reader_{n + 1}") for n in range(readers)]
        people += [spawn(writer, desk, page, name=f"writer_{n + 1}") for n in range(writers)]
        for thread in people:
            thread.join()
        assert page == [writers, writers], f"{writers} writers each added 1, and the page says {page}"

    return reading_room


# %% id="13e-friends"
def read_with(desk, me, other):
    """Reads as well, but once inside waits for a friend who must come in too."""
    desk.start_read()
    me.release()
    other.acquire()
    desk.end_read()


# %% id="13e-together"
def together(Desk):
    """While a writer is there two readers come, and want to read together."""

    def reading_group():
        desk, ann, bob = Desk(), Semaphore(0, "Ann is inside"), Semaphore(0, "Bob is inside")
        desk.start_write()
        readers = [spawn(read_with, desk, ann, bob, name="Ann"), spawn(read_with, desk, bob, ann, name="Bob")]
        desk.end_write()
        for thread in readers:
            thread.join()

    return reading_group


# %% id="13e-clock"
def visits(Desk, words):
    """In which second each reader (R) and writer (W) came to the page; everybody stays for 10 seconds."""
    desk = Desk()

    def visit(kind):
        start, end = (desk.start_read, desk.end_read) if kind == "R" else (desk.start_write, desk.end_write)
        start()
        came = round(now())
        sleep(10)
        end()
        return came

    return timetable(words, visit)


# %% id="13e-solution" tags=["exercise"]
class ReadersFirst:
    """A desk where a reader may join readers whenever some are there."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.readers = 0
        self.lock = Mutex("readers")
        self.page = Semaphore(1, "page")  # taken by a writer, or by all readers together
        ### END SOLUTION

    def start_read(self):
        """Begin to read; wait while somebody writes."""
        ### BEGIN SOLUTION
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()
        ### END SOLUTION

    def end_read(self):
        """End reading; the last reader lets a writer in."""
        ### BEGIN SOLUTION
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()
        ### END SOLUTION

    def start_write(self):
        """Begin to write; wait while anybody is there."""
        ### BEGIN SOLUTION
        self.page.acquire()
        ### END SOLUTION

    def end_write(self):
        """End writing, and let others in."""
        ### BEGIN SOLUTION
        self.page.release()
        ### END SOLUTION


# %% id="13e-check" tags=["check"]
check("callable(ReadersFirst().start_read)", why="readers and writers share one ReadersFirst() and call its four methods")
check("visits(ReadersFirst, 'W0 R1')", {"W0": 0, "R1": 10}, why="R1 sleeps until W0 leaves in second 10")
check("explore(library(ReadersFirst, 1, 1), runs=3000)", why="a reader must not see half a change, and both must have their turn")
check("visits(ReadersFirst, 'R0 R1')", {"R0": 0, "R1": 1}, why="over-locking: two readers do no harm to each other")
check("visits(ReadersFirst, 'R0 W1 R2')", {"R0": 0, "W1": 12, "R2": 2}, why="R2 joins R0 although W1 waits; W1 waits for both")
check("explore(library(ReadersFirst, 2, 1), runs=3000)", why="a writer waits for all readers, not for one of them")
check("explore(library(ReadersFirst, 1, 2), runs=3000)", why="a writer keeps everybody out, other writers too")
check("explore(together(ReadersFirst), runs=3000)", why="when the writer leaves, both readers may come in, whichever wakes first")
### BEGIN HIDDEN TESTS
check("explore(library(ReadersFirst, 1, 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("visits(ReadersFirst, 'W0 R1 R2')", {"W0": 0, "R1": 10, "R2": 10}, why="after a writer all readers who wait come in")
check("visits(ReadersFirst, 'R0 W1 R8 R15')", {"R0": 0, "W1": 25, "R8": 8, "R15": 15}, why="readers may follow one another")
check("visits(ReadersFirst, 'W0 W1 W2')", {"W0": 0, "W1": 10, "W2": 20}, why="writers come one after the other")
check("visits(ReadersFirst, 'R0 W20 R40')", {"R0": 0, "W20": 20, "R40": 40}, why="an empty room is open to all")
### END HIDDEN TESTS

# %% [markdown] id="13f-text"
# ## 13f · Readers and writers, writers first
#
# With readers first, a writer may wait for ever: there is always one more reader. Turn it round.
#
# - **Never:** as before. And no reader comes in **while a writer waits**.
# - **Always:** as before, readers read together when no writer waits or writes. When a writer leaves and both wait, a writer is
#   next.
#
# Same four methods. Now readers may wait for ever: that is the price.
#
# Source: Courtois, Heymans, Parnas 1971, problem 2.


# %% id="13f-solution" tags=["exercise"]
class WritersFirst:
    """A desk where a writer who waits comes before every reader who has not begun."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.readers = 0
        self.writers = 0  # those who wait and the one who writes
        self.writing = False
        self.lock = Mutex("desk")
        self.changed = Condition(self.lock, "changed")
        ### END SOLUTION

    def start_read(self):
        """Begin to read; wait while somebody writes or waits to write."""
        ### BEGIN SOLUTION
        with self.lock:
            while self.writers > 0:
                self.changed.wait()
            self.readers += 1
        ### END SOLUTION

    def end_read(self):
        """End reading."""
        ### BEGIN SOLUTION
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()
        ### END SOLUTION

    def start_write(self):
        """Begin to write; wait while anybody is there."""
        ### BEGIN SOLUTION
        with self.lock:
            self.writers += 1
            while self.readers > 0 or self.writing:
                self.changed.wait()
            self.writing = True
        ### END SOLUTION

    def end_write(self):
        """End writing."""
        ### BEGIN SOLUTION
        with self.lock:
            self.writing = False
            self.writers -= 1
            self.changed.notify_all()
        ### END SOLUTION


# %% id="13f-check" tags=["check"]
check("callable(WritersFirst().start_read)", why="readers and writers share one WritersFirst() and call its four methods")
check("visits(WritersFirst, 'W0 R1')", {"W0": 0, "R1": 10}, why="R1 sleeps until W0 leaves in second 10")
check("explore(library(WritersFirst, 1, 1), runs=3000)", why="a reader must not see half a change, and both must have their turn")
check("visits(WritersFirst, 'R0 R1')", {"R0": 0, "R1": 1}, why="over-locking: two readers do no harm to each other")
check("visits(WritersFirst, 'R0 W1 R2')", {"R0": 0, "W1": 10, "R2": 20}, why="R2 must not pass W1, who waits already")
check("visits(WritersFirst, 'W0 R1 W2')", {"W0": 0, "R1": 20, "W2": 10}, why="when W0 leaves, W2 is next, and R1 waits on")
check("explore(library(WritersFirst, 2, 1), runs=3000)", why="a writer waits for all readers, not for one of them")
check("explore(library(WritersFirst, 1, 2), runs=3000)", why="a writer keeps everybody out, other writers too")
check("explore(together(WritersFirst), runs=3000)", why="when the writer leaves, both readers may come in, whichever wakes first")
### BEGIN HIDDEN TESTS
check(
    "visits(WritersFirst, 'R0 W1 R2 W3 R4')",
    {"R0": 0, "W1": 10, "R2": 30, "W3": 20, "R4": 30},
    why="first all writers, then all readers, together",
)
check("visits(WritersFirst, 'W0 R1 W8 W15')", {"W0": 0, "R1": 30, "W8": 10, "W15": 20}, why="writers may follow one another")
check("explore(library(WritersFirst, 1, 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("visits(WritersFirst, 'R0 R1 W2')", {"R0": 0, "R1": 1, "W2": 11}, why="a writer waits for the last reader")
check("visits(WritersFirst, 'W0 R20 W40')", {"W0": 0, "R20": 20, "W40": 40}, why="an empty room is open to all")
### END HIDDEN TESTS

# %% [markdown] id="13g-text"
# ## 13g · Readers and writers, nobody starves
#
# Both answers so far let somebody wait for ever. Now everybody is served **in the order of arrival**.
#
# - **Never:** as before. And nobody comes in before somebody who came earlier.
# - **Always:** readers who come one after another, with no writer between them, read together.
#
# Same four methods. labkit's `Semaphore` and `Mutex` serve whoever has waited longest; that is not so on every system, and not
# so for a thread that wakes at a `Condition` and must take its lock again.
#
# Source: Downey, chapter 4, "No-starve readers-writers".


# %% id="13g-solution" tags=["exercise"]
class InOrder:
    """A desk where everybody is served in the order of arrival."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.readers = 0
        self.lock = Mutex("readers")
        self.turnstile = Semaphore(1, "turnstile")  # all pass here, one after the other
        self.page = Semaphore(1, "page")
        ### END SOLUTION

    def start_read(self):
        """Begin to read, when everybody who came earlier has begun, and nobody writes."""
        ### BEGIN SOLUTION
        self.turnstile.acquire()
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.page.acquire()
        self.turnstile.release()
        ### END SOLUTION

    def end_read(self):
        """End reading."""
        ### BEGIN SOLUTION
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                self.page.release()
        ### END SOLUTION

    def start_write(self):
        """Begin to write, when everybody who came earlier has left."""
        ### BEGIN SOLUTION
        self.turnstile.acquire()  # and keep it: whoever comes later waits behind me
        self.page.acquire()
        self.turnstile.release()
        ### END SOLUTION

    def end_write(self):
        """End writing."""
        ### BEGIN SOLUTION
        self.page.release()
        ### END SOLUTION


# %% id="13g-check" tags=["check"]
check("callable(InOrder().start_read)", why="readers and writers share one InOrder() and call its four methods")
check("visits(InOrder, 'W0 R1')", {"W0": 0, "R1": 10}, why="R1 sleeps until W0 leaves in second 10")
check("explore(library(InOrder, 1, 1), runs=3000)", why="a reader must not see half a change, and both must have their turn")
check("visits(InOrder, 'R0 R1')", {"R0": 0, "R1": 1}, why="over-locking: two readers do no harm to each other")
check("visits(InOrder, 'R0 W1 R2')", {"R0": 0, "W1": 10, "R2": 20}, why="R2 came after W1: a reader must not pass a writer")
check("visits(InOrder, 'W0 R1 W2')", {"W0": 0, "R1": 10, "W2": 20}, why="W2 came after R1: a writer must not pass a reader")
check("explore(library(InOrder, 2, 1), runs=3000)", why="a writer waits for all readers, not for one of them")
check("explore(library(InOrder, 1, 2), runs=3000)", why="a writer keeps everybody out, other writers too")
check("explore(together(InOrder), runs=3000)", why="when the writer leaves, both readers may come in, whichever wakes first")
### BEGIN HIDDEN TESTS
check(
    "visits(InOrder, 'R0 R1 W2 R3 R4 W5 R6')",
    {"R0": 0, "R1": 1, "W2": 11, "R3": 21, "R4": 21, "W5": 31, "R6": 41},
    why="groups of readers come in together, in their turn",
)
check("explore(library(InOrder, 1, 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("visits(InOrder, 'W0 W1 R2 W3')", {"W0": 0, "W1": 10, "R2": 20, "W3": 30}, why="everybody in the order of arrival")
check("visits(InOrder, 'R0 W20 R40')", {"R0": 0, "W20": 20, "R40": 40}, why="an empty room is open to all")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# A proof by exploring holds for the program that was explored: two or three threads, one or two rounds. A mistake that needs
# five readers would not be seen. So keep your numbers out of the code: write `n`, not 2.
#
# **Keep this.** Write down what must never happen as an assertion, and let it be watched in every schedule. Then ask what must
# be possible. Most wrong answers fail one of the two.
#
# Words: [glossary](../GLOSSARY.md)
