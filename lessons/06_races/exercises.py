# %% [markdown] id="title"
# # Exercises 6 · Races and mutual exclusion
#
# Five exercises, 5 to 15 lines each. You count schedules by hand, build three locks out of less and less, and tie a lock to the
# data that it guards.
#
# Most checks explore: they run your code in **every** schedule that makes a difference. If one of them breaks it, that schedule
# is told step by step. Read it from top to bottom with your code beside it. Stuck? `hint("6a")` gives a nudge, then a pointer,
# then nearly the answer.

# %% id="imports"
from labkit import Atomic, Mutex, current_thread, explore, run, spawn  # noqa: F401 — the checks use them
from labkit.course import check, hint
from labkit.sync import fence  # noqa: F401


def together(*bodies):
    """Each function in a thread of its own, called A, B, ...; then what they returned."""
    threads = [spawn(body) for body in bodies]
    return [thread.join() for thread in threads]


# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("6a")

# %% [markdown] id="6a-text"
# ## 6a · How many schedules, and how many are bad?
#
# An explorer of your own. A program is written as `{"A": "rw", "B": "rw"}`: what each thread does, step by step.
#
# - `r`: the thread reads the box, and remembers the number.
# - `w`: it writes the number that it **remembers**, plus 1.
# - `t`: it thinks. The box is not touched.
#
# The box begins with 0. A schedule is a text such as `"ABBA"`: who takes each step. It is bad if additions are lost: at the end
# the box holds another number than there are `w`.


# %% id="6a-adders"
def adders(n):
    """The same for labkit: n threads add 1 to a box, without a lock."""

    def main():
        box = 0

        def add():
            nonlocal box
            box += 1

        together(*[add] * n)
        return box

    return main


# %% id="6a-solution" tags=["exercise"]
def schedules(program):
    """Every order of the steps in which each thread's own steps stay in order: a sorted list of texts."""
    ### BEGIN SOLUTION
    if not any(program.values()):
        return [""]
    found = []
    for name, steps in program.items():
        if steps:
            found += [name + rest for rest in schedules(program | {name: steps[1:]})]
    return sorted(found)
    ### END SOLUTION


def play(program, schedule):
    """What is in the box after this schedule."""
    ### BEGIN SOLUTION
    box, remembers, done = 0, {}, dict.fromkeys(program, 0)
    for name in schedule:
        step = program[name][done[name]]
        done[name] += 1
        if step == "r":
            remembers[name] = box
        elif step == "w":
            box = remembers[name] + 1
    return box
    ### END SOLUTION


def bad(program):
    """How many schedules lose an addition."""
    ### BEGIN SOLUTION
    right = "".join(program.values()).count("w")
    return sum(play(program, schedule) != right for schedule in schedules(program))
    ### END SOLUTION


# %% id="6a-check" tags=["check"]
two = {"A": "rw", "B": "rw"}
all_six = ["AABB", "ABAB", "ABBA", "BAAB", "BABA", "BBAA"]
check("schedules(two)", all_six, why="at each step any thread that has steps left may go on; A's own steps keep their order")
check('len(schedules({"A": "rw", "B": "rw", "C": "rw"}))', 90, why="when one thread has ended, the others still have choices")
check("len(schedules(two)) == explore(adders(2)).interleavings", why="labkit counts the same orders")
check('play(two, "AABB")', 2, why="B reads after A has written")
check('play(two, "ABBA")', 1, why="A writes what it remembers, and that was read before B wrote")
check("bad(two)", 4, why="a read between another thread's read and write sees an old number")
check('bad({"A": "rw", "B": "trw"})', 6, why="a switch while a thread thinks does no harm: not every mixed schedule is bad")
### BEGIN HIDDEN TESTS
check('schedules({"A": "rw", "B": "t"})', ["AAB", "ABA", "BAA"], why="one of two threads may have fewer steps")
check('schedules({"A": "rw"})', ["AA"], why="a thread that is alone has one schedule")
check('play(two, "BABA")', 1, why="each thread remembers a number of its own")
check('play({"A": "rwrw", "B": "rw"}, "AABBAA")', 3, why="a thread may add more than once")
check('play({"A": "rw", "B": "rwrw"}, "ABBBBA")', 1, why="A remembers 0 all the time; what B reads meanwhile is B's")
check('bad({"A": "rwrw", "B": "rw"})', 12, why="right is one for each w, however many threads there are")
check('bad({"A": "rw", "B": "rw", "C": "rw"})', 84, why="6 of the 90 run the threads one after the other; only these are right")
check('bad({"A": "trt", "B": "r"})', 0, why="who only reads loses nothing")
### END HIDDEN TESTS

# %% [markdown] id="6b-text"
# ## 6b · A lock from test-and-set
#
# Write a spinlock. `self.flag` is an `Atomic`: True while somebody has the lock. `self.owner` is the thread that has it, or None.
# It is plain data, and it is there so that nobody releases what another thread holds.
#
# `flag.compare_exchange(False, True)` tests and sets in **one** step: it sets the flag if it was False, and says whether it did.
#
# - `acquire()` comes back when the caller has the lock.
# - `release()` gives it back. If the caller does not have it: RuntimeError, and nothing changes.


# %% id="6b-counting"
def counting(make_lock, threads=2, rounds=1):
    """Threads that add 1 to a counter, so many rounds each, while they hold a lock."""

    def main():
        lock, count = make_lock(), 0

        def add():
            nonlocal count
            for _ in range(rounds):
                lock.acquire()
                count += 1
                lock.release()

        together(*[add] * threads)
        assert count == threads * rounds, f"two were inside at once, and {threads * rounds - count} of the additions is lost"

    return main


# %% id="6b-stranger"
def stranger():
    """main has the lock, another thread releases it. What comes of it, and is the lock still taken? Then main releases it."""
    lock = TasLock()
    lock.acquire()
    came = spawn(release_or_not, lock).join(), lock.flag.load()
    lock.release()
    return *came, lock.flag.load()


def release_or_not(lock):
    try:
        lock.release()
    except RuntimeError:
        return "refused"
    return "released"


# %% id="6b-twice"
def twice():
    """main releases the lock twice: the second time it has it no more."""
    lock = TasLock()
    lock.acquire()
    lock.release()
    return release_or_not(lock), lock.flag.load()


# %% id="6b-solution" tags=["exercise"]
class TasLock:
    """A spinlock: one thread at a time, and only who has it gives it back."""

    def __init__(self):
        self.flag = Atomic(False)
        self.owner = None

    def acquire(self):
        """Take the lock; try again until it is free."""
        ### BEGIN SOLUTION
        while not self.flag.compare_exchange(False, True):
            pass
        self.owner = current_thread()
        ### END SOLUTION

    def release(self):
        """Give the lock back; RuntimeError if the caller does not have it."""
        ### BEGIN SOLUTION
        if self.owner is not current_thread():
            raise RuntimeError("only the thread that has the lock may release it")
        self.owner = None
        self.flag.store(False)
        ### END SOLUTION


# %% id="6b-check" tags=["check"]
one_step = "between looking at the flag and setting it, another thread must not be able to look too"
check("run(stranger).result", ("refused", True, False), why="a lock that anybody can open keeps nobody out")
check("explore(counting(TasLock), runs=2000)", why=one_step)
check("explore(counting(TasLock, rounds=2), runs=2000)", why="a lock that was given back can be taken again, also by who had it")
check("run(twice).result", ("refused", False), why="who has given it back does not have it any more")
### BEGIN HIDDEN TESTS
check("run(lambda: TasLock().release())", raises=RuntimeError, why="nobody has it, so nobody can give it back")
### END HIDDEN TESTS

# %% [markdown] id="6c-text"
# ## 6c · A ticket lock
#
# The spinlock of 6b is not fair: who tries at the right moment gets it, and one thread may try for ever. At the baker's you
# draw a ticket, and wait until your number is called.
#
# - `draw()` returns the next number: 0, 1, 2, ... No two threads get the same.
# - `wait(ticket)` comes back when that number is called.
# - `release()` calls the next number.
#
# `self.next` is the number of the next ticket, `self.serving` the one that is called now. Both are `Atomic`.
# `fetch_add(1)` adds 1 and returns the **old** value, in one step.


# %% id="6c-in-turn"
def in_turn(spawned):
    """main draws a ticket for A, then for B, then for C. The threads begin in another order, and wait each with its ticket."""

    def main():
        lock, served = TicketLock(), []
        tickets = {name: lock.draw() for name in "ABC"}

        def buy(name):
            lock.wait(tickets[name])
            served.append(name)
            lock.release()

        for thread in [spawn(buy, name, name=name) for name in spawned]:
            thread.join()
        assert served == ["A", "B", "C"], f"tickets were drawn in the order A B C, but served in the order {' '.join(served)}"

    return main


# %% id="6c-solution" tags=["exercise"]
class TicketLock:
    """A fair spinlock: who came first is served first."""

    def __init__(self):
        self.next = Atomic(0)
        self.serving = Atomic(0)

    def acquire(self):
        self.wait(self.draw())

    def draw(self):
        """The next ticket: a number that nobody else gets."""
        ### BEGIN SOLUTION
        return self.next.fetch_add(1)
        ### END SOLUTION

    def wait(self, ticket):
        """Come back when this number is called."""
        ### BEGIN SOLUTION
        while self.serving.load() != ticket:
            pass
        ### END SOLUTION

    def release(self):
        """Call the next number."""
        ### BEGIN SOLUTION
        self.serving.fetch_add(1)
        ### END SOLUTION


# %% id="6c-check" tags=["check"]
check("(lambda lock: [lock.draw() for _ in range(3)])(TicketLock())", [0, 1, 2], why="tickets are numbered from 0 without gaps")
own_ticket = "two threads with the same ticket are called together, and the number after it is never called"
check("explore(counting(TicketLock), runs=500)", why=own_ticket)
check("explore(counting(TicketLock, rounds=2), runs=500)", why="after each release the next number must be called")
check('explore(in_turn("CBA"), runs=500)', why="fair means: the order of the tickets is the order of service")
### BEGIN HIDDEN TESTS
check("explore(counting(TicketLock, threads=3), runs=500)", why=own_ticket)
check('explore(in_turn("BCA"), runs=500)', why="fair means: the order of the tickets is the order of service")
### END HIDDEN TESTS

# %% [markdown] id="6d-text"
# ## 6d · Peterson's lock, and what x86 does to it
#
# A door for two threads, 0 and 1, from **plain** reads and writes: no `Atomic`, no lock. `door.wants[0]` says that thread 0
# wants to come in, or is inside; `door.turn` says who goes first if both want to.
#
# Write `enter` and `leave`. Every check runs them in every schedule, three times: with memory as you know it; with the store
# buffers of x86 and no fence, where a lock from plain writes *must* break; with store buffers and a fence, where it must hold.
# Call `fence()` in `enter` once, at the right place.


# %% id="6d-door"
class Door:
    """What the two threads share."""

    def __init__(self):
        self.wants = [False, False]
        self.turn = 0


def no_fence():
    """What is called where a fence would be."""


# %% id="6d-meeting"
def meeting(fence, rounds=(1, 1)):
    """Two threads come in so many times each, and add 1 while they are inside."""

    def main():
        door, count = Door(), 0

        def visit(me):
            nonlocal count
            for _ in range(rounds[me]):
                enter(door, me, fence)
                count += 1
                leave(door, me)

        together(lambda: visit(0), lambda: visit(1))
        assert count == sum(rounds), "both were inside at once, and an addition is lost"

    return main


# %% id="6d-solution" tags=["exercise"]
def enter(door, me, fence):
    """Come back when thread `me` may be inside; the other one is 1 - me."""
    ### BEGIN SOLUTION
    other = 1 - me
    door.wants[me] = True
    door.turn = other
    fence()
    while door.wants[other] and door.turn == other:
        pass
    ### END SOLUTION


def leave(door, me):
    """Thread `me` goes out."""
    ### BEGIN SOLUTION
    door.wants[me] = False
    ### END SOLUTION


# %% id="6d-check" tags=["check"]
order = "first say that you want to, then let the other one go first, then look: so of two that come together one sees the other"
buffers = "what you wrote must be in memory before you look; a fence waits for that, and only between the writes and the look"
check("run(meeting(no_fence, (1, 0))).result", None, why="who comes alone finds the door open")
check("explore(meeting(no_fence), runs=1000)", why=order)
check("explore(meeting(no_fence, (2, 0)), runs=100)", why="who comes alone must not wait for one who does not want to come in")
check("explore(meeting(no_fence, (1, 2)), runs=1000)", why="who goes out must let the other one in, and may come again")
plain = "from plain writes, with no fence, no lock for two can hold on x86: something else keeps the two apart here"
weak = 'run(meeting(no_fence, (1, 0))).result, explore(meeting(no_fence), memory="tso", runs=1000).failing > 0'
check(weak, (None, True), why=plain)
check('explore(meeting(fence), memory="tso", runs=1000)', why=buffers)

# %% [markdown] id="6e-text"
# ## 6e · A lock tied to its data
#
# A bank has many accounts, and many threads. Write `Account` and `transfer`.
#
# - `take(amount)` takes money out: True; if there is not so much: False, nothing changes. `put(amount)` pays in.
# - Each change is written into the account's book: `self.book.note(-amount)` or `self.book.note(amount)`. Two threads must
#   not write in **one** book at once. In two books they may.
# - A full book raises ValueError. Then the balance has not changed and nothing stays locked.
# - `transfer` says whether it was done. If `put` raises, the money goes back, and the error goes on.
#
# Hold one lock at a time: two at a time is lesson 8.


# %% id="6e-book"
class Book:
    """One account's book. `others` are books that may be written at the same time: whether that happened is noted there."""

    def __init__(self, room=99):
        self.room, self.busy, self.others, self.overlap = room, False, [], False

    def note(self, amount):
        assert not self.busy, "two threads write into one book at once"
        self.busy = True
        if any(book.busy for book in self.others):
            self.overlap = True
        self.busy = False
        if self.room == 0:
            raise ValueError("the book is full")
        self.room -= 1


# %% id="6e-solution" tags=["exercise"]
class Account:
    """Money, its book, and its lock."""

    def __init__(self, balance, book):
        self.balance = balance
        self.book = book
        ### BEGIN SOLUTION
        self.lock = Mutex()
        ### END SOLUTION

    def take(self, amount):
        """Take money out, if there is so much; whether it was done."""
        ### BEGIN SOLUTION
        with self.lock:
            if self.balance < amount:
                return False
            self.book.note(-amount)
            self.balance -= amount
            return True
        ### END SOLUTION

    def put(self, amount):
        """Pay money in."""
        ### BEGIN SOLUTION
        with self.lock:
            self.book.note(amount)
            self.balance += amount
        ### END SOLUTION


def transfer(source, target, amount):
    """Move money from one account to another; whether it was done."""
    ### BEGIN SOLUTION
    if not source.take(amount):
        return False
    try:
        target.put(amount)
    except ValueError:
        source.put(amount)
        raise
    return True
    ### END SOLUTION


# %% id="6e-attempt"
def attempt(source, target, amount):
    """What transfer() comes to: True, False, or "full"."""
    try:
        return transfer(source, target, amount)
    except ValueError:
        return "full"


# %% id="6e-bank"
def bank(balances, *orders, right, room=99):
    """Each order (from, to, amount) is a thread. `right`: what the balances may be at the end. Account 1's book has `room`."""

    def main():
        accounts = [Account(balance, Book(99 if i != 1 else room)) for i, balance in enumerate(balances)]
        threads = [spawn(attempt, accounts[a], accounts[b], amount) for a, b, amount in orders]
        for thread in threads:
            thread.join()
        ended = tuple(account.balance for account in accounts)
        assert ended in right, f"{ended} is in the accounts at the end; it should be {' or '.join(map(str, right))}"

    return main


# %% id="6e-overlap"
def overlap():
    """Two threads pay in, each into another account: whether both wrote at the same time, each into its own book."""
    books = [Book(), Book()]
    books[0].others, books[1].others = [books[1]], [books[0]]
    a, b = [Account(0, book) for book in books]
    together(lambda: a.put(5), lambda: b.put(5))
    return books[0].overlap or books[1].overlap


def alone(balances, amount, room=99):
    """One transfer from account 0 to account 1, and then one coin back: what both came to, and the balances."""
    a, b = Account(balances[0], Book()), Account(balances[1], Book(room))
    return attempt(a, b, amount), attempt(b, a, 1) if room else "", (a.balance, b.balance)


# %% id="6e-check" tags=["check"]
check("run(lambda: alone((100, 0), 60)).result", (True, True, (41, 59)), why="what leaves one account arrives in the other")
check("run(lambda: alone((100, 9), 200)).result", (False, True, (101, 8)), why="money that is not there cannot be moved")
pay_in = "take and put change one balance: two locks for one thing keep nobody out, both need the account's own"
check("explore(bank((9, 9), (0, 1, 5), (1, 0, 3), right=[(7, 11)]), runs=500)", why=pay_in)
old = "what you saw without the lock is old when you act on it: look and take in one section"
check("explore(bank((9, 0, 0), (0, 1, 6), (0, 2, 6), right=[(3, 6, 0), (3, 0, 6)]), runs=500)", why=old)
overlaps = "one lock for all accounts is a lock on code, not on data: who pays into another account waits for nothing"
check("True in explore(overlap, runs=500).outcomes", why=overlaps)
full = "the error goes on, the money goes back, and the lock is free for the next thread"
check("explore(bank((9, 0), (0, 1, 5), (0, 1, 3), right=[(9, 0)], room=0), runs=500)", why=full)
### BEGIN HIDDEN TESTS
check("run(lambda: alone((9, 0), 5, room=0)).result", ("full", "", (9, 0)), why=full)
check("run(lambda: alone((60, 0), 60)).result", (True, True, (1, 59)), why="the last coin may be taken too")
check("explore(bank((9, 9), (0, 1, 5), (0, 1, 3), right=[(1, 17)]), runs=500)", why=pay_in)
check("explore(bank((9,), (0, 0, 4), right=[(9,)]), runs=500)", why="a transfer from an account to itself waits for nobody")
### END HIDDEN TESTS
