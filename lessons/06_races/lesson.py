# %% [markdown] id="title"
# # 6 · Races and mutual exclusion
#
# Up to now you *met* races. Now you hunt them: labkit runs a small program in every schedule that makes a difference.
#
# After this you can …
#
# - find a schedule that breaks a program, by hand and with `explore`, and say how many there are;
# - say which lines of Python are one step, and which only look so;
# - build a lock from one atomic operation, and from plain memory, and say why the second needs a fence on x86;
# - tie a lock to the data that it guards.
#
# You need lessons 3 and 4: `spawn`, `join`, preemption, the lost update. About 100 minutes.

# %% id="imports"
from contextlib import suppress
from itertools import permutations

from labkit import Atomic, Mutex, explore, replay, spawn
from labkit.course import predict, reveal
from labkit.sync import fence


def together(*bodies):
    """Each function in a thread of its own, called A, B, ...; then what they returned."""
    threads = [spawn(body) for body in bodies]
    return [thread.join() for thread in threads]


# %% [markdown] id="you-are-the-scheduler"
# ## One account, two tellers
#
# There are 100 in the account. Teller A pays in 50, teller B pays in 10. That makes 160, every time?
#
# `balance += amount` is one line, but not one step. Python reads `balance`, adds, and writes the sum back. Between the read
# and the write the other teller may run.
#
# **You are the scheduler**: choose who takes the next step, A or B, and try to lose money. (On a page without a live Jupyter
# kernel you see only the start.)


# %% id="choose-the-next-step" tags=["demo"]
def two_tellers():
    balance = 100

    def deposit(amount):
        nonlocal balance
        balance += amount

    together(lambda: deposit(50), lambda: deposit(10))
    assert balance == 160, f"{160 - balance} is missing"


two = explore(two_tellers)
two.play()

# %% id="predict-six-orders" tags=["predict"]
predict(
    "six-orders",
    "A has two steps and B has two. There are 6 orders of these four steps. In how many is money lost?",
    ["1", "2", "4", "6"],
)

# %% id="six-orders" tags=["demo"]
lost = 0
for schedule in sorted(set(permutations("AABB"))):
    failure = replay(two_tellers, schedule).failure
    lost += failure is not None
    print(*schedule, "→", failure.error if failure else "160")
reveal("six-orders", str(lost), because="Only the two in which one teller ends before the other begins are right.")

# %% [markdown] id="say-why-a-race"
# "A B B A" is a **schedule**: who took each step. `replay` follows it, today and tomorrow.
#
# The result depends on the schedule: that is a **race**. This one is a **lost update**: A reads 100, B reads 100, B writes 110, A
# writes 150 over it. No line is wrong by itself. Wrong is that something came *between* two steps.
#
# `explore` tries the schedules for you. It takes the one that is easiest to follow and tells it. It also draws all that it
# ran, as a tree: each way from the start to an end is one run. Click on one. There are **4**, and not 6. Which two are
# missing?

# %% id="explain-it" tags=["demo"]
print(two.explain())
two.tree()

# %% [markdown] id="which-two-are-missing"
# Missing are B A A B and B A B A. Both begin with a read by B and a read by A. Let A read first: both still read 100, and all
# that follows is the same. **Two neighbouring steps may change places unnoticed if they touch different things, or if both
# only read.** Orders that differ in nothing else are one schedule in two dresses, and one of them is enough. (Mazurkiewicz,
# *Concurrent program schemes and their interpretations*, 1977.)
#
# Here that saves 2 runs of 6. Three transfers between three accounts have 15 steps:


# %% id="three-transfers" tags=["predict"]
def three_transfers():
    accounts = [100, 100, 100]

    def transfer(i):
        if accounts[i] >= 10:
            accounts[i] -= 10
            accounts[(i + 1) % 3] += 10

    together(lambda: transfer(0), lambda: transfer(1), lambda: transfer(2))
    assert sum(accounts) == 300, f"the sum is {sum(accounts)}"


predict("three-transfers", "The 15 steps have 756,756 orders. How many are different?", ["61", "3,003", "378,378"])

# %% id="sixty-one" tags=["demo"]
bank = explore(three_transfers)
print("orders:", bank.interleavings)
print("different:", bank.runs, "of which", bank.failing, "lose or invent money")
reveal("three-transfers", str(bank.runs), because="Most neighbouring steps touch different accounts and may change places.")
bank.timeline()

# %% [markdown] id="why-61-is-enough"
# The picture is the failing run that is easiest to follow. 61 runs are enough: each of the 756,756 orders ends like one of
# them. Had all 61 passed, that would be a **proof**, for this program with these three threads. What `explore` cannot see (a
# file, the time, a random number) it names, and then says "not proven".
#
# ## Why testing missed it
#
# Now a race that hides. Two threads add 1, three times each. A lost update costs 1, so how small can `x` become?


# %% id="three-times-each" tags=["predict"]
def three_times_each():
    x = 0

    def add():
        nonlocal x
        for _ in range(3):
            x += 1

    together(add, add)
    assert x > 2, f"x is {x}"


predict("three-times-each", "What is the least that x can be at the end?", ["2", "3", "5"])

# %% id="one-run-in-many" tags=["demo"]
hidden = explore(three_times_each)
reveal("three-times-each", "2" if hidden.failing else "3", because="A's first write comes late, and so does B's last.")
print("failing:", hidden.failing, "of", hidden.runs, "different schedules")
print("if chance decides at every step:", hidden.chance)
print("steps:", *hidden.failures[0].steps, sep="\n   ")

# %% [markdown] id="pass-and-be-wrong"
# **How could this pass and be wrong?** By luck. And a real scheduler is worse than chance: a thread runs for milliseconds
# before a switch, so that four switches in ten steps hardly ever happen. The test passes a thousand times, and fails at the
# customer's.
#
# ## What is one step in Python?
#
# A step that cannot be cut in two is **atomic**. Below are four functions. Two threads call the same one, once each.


# %% id="four-functions" tags=["predict"]
def plus(d):
    d["n"] += 1


def append(d):
    d["log"].append("x")


def look_and_append(d):
    if not d["log"]:
        d["log"].append("x")


def set_default(d):
    me = object()
    if d.setdefault("first", me) is me:
        d["log"].append("x")


predict("atomic", "Which can have more than one result?", ["plus", "plus and look_and_append", "all but append", "all four"])

# %% id="four-functions-explored" tags=["demo"]
def twice(function):
    def main():
        d = {"n": 0, "log": []}
        together(lambda: function(d), lambda: function(d))
        return f"n={d['n']} log={len(d['log'])}"

    return main


several = []
for function in (plus, append, look_and_append, set_default):
    results = explore(twice(function)).outcomes
    several += [function.__name__] if len(results) > 1 else []
    print(f"{function.__name__:16}", *sorted(results), sep="   ")
reveal("atomic", " and ".join(several), because="Both read first and write later: a thread may come between.")

# %% [markdown] id="claim-b3"
# One operation on one built-in object is one step: `log.append(x)`, `d[k] = v`, `d.setdefault(k, v)`. What reads **and then**
# writes is two: `+=`, and **check-then-act**: look, and do something because of what you saw. `setdefault` looks and acts in
# one step. Python's FAQ has a list ("What kinds of global value mutation are thread-safe?") and ends it with: "When in doubt,
# use a mutex!"
#
# ## What people say: B3 and B4
#
# > **Claim B3.** "You need a mutex for shared globals."
#
# One global, two threads, without a mutex and with one:

# %% id="claim-b3-run" tags=["demo"]
total, guard = 0, Mutex("guard")


def bare():
    global total
    total += 1


def guarded():
    with guard:
        bare()


for add in (bare, guarded):

    def add_twice(add=add):
        together(add, add)
        return total

    print(f"{add.__name__:8} total → in how many schedules: {explore(add_twice).outcomes}")

# %% [markdown] id="claim-b3-verdict"
# **Verdict: true**, as soon as one of the threads writes. (For a single number an atomic operation would do; a mutex does for
# everything.) And not for globals only: whatever two threads can reach is shared. Which leads to
#
# > **Claim B4.** "Local variables need no synchronisation: each thread has its own stack."
#
# Three programs, with local variables only.


# %% id="claim-b4"
def private():
    def count():
        mine = 0
        mine += 1
        return mine

    return together(count, count)


def escaped():
    mine = [0]

    def count(box):
        box[0] += 1

    together(lambda: count(mine), lambda: count(mine))
    return mine


# %% id="claim-b4-closure" tags=["predict"]
def closure():
    mine = 0

    def count():
        nonlocal mine
        mine += 1

    together(count, count)
    return mine


predict("claim-b4", "In which is an addition lost in some schedule?", ["none", "closure", "closure and escaped", "all three"])

# %% id="claim-b4-run" tags=["demo"]
for main in (private, closure, escaped):
    verdict = explore(main)
    print(f"{main.__name__:8} schedules: {verdict.runs}   results: {', '.join(map(str, verdict.outcomes))}")
reveal("claim-b4", "C", because="mine is one cell for both threads in closure, and one list for both in escaped.")

# %% [markdown] id="claim-b4-verdict"
# **Verdict: partly.** `private` has one schedule: no step of one thread touches anything of the other. But an inner function
# that says `nonlocal` shares the **closure cell**. A list that two threads are given has **escaped**: two names, one list. In
# C a pointer to a local does the same. Ask of a variable "who can reach it?", not "where is it written?".
#
# ## Mutual exclusion
#
# Steps between which no other thread must come are a **critical section**. **Mutual exclusion**: at most one thread is in it. A
# **mutex** does that; `with lock:` takes it, and gives it back at the end.


# %% id="tellers-with-a-lock" tags=["demo"]
def two_careful_tellers():
    balance, lock = 100, Mutex("till")

    def deposit(amount):
        nonlocal balance
        with lock:
            balance += amount

    together(lambda: deposit(50), lambda: deposit(10))
    assert balance == 160


explore(two_careful_tellers)


# %% id="held-for-ever" tags=["break-it"]
def pay(lock, amount):  # BUG (on purpose): where is the lock after the exception?
    lock.acquire()
    if amount > 100:
        raise ValueError("there is not so much")
    lock.release()


def refusing_teller():
    lock = Mutex("till")

    def customer(amount):
        with suppress(ValueError):
            pay(lock, amount)

    together(lambda: customer(500), lambda: customer(10))


print(explore(refusing_teller).explain())

# %% [markdown] id="with-gives-it-back"
# The first program has two schedules left: A first, or B first. That is all that a lock does. It takes away those in which
# they mix.
#
# The second left its section by a way on which there is no `release`. `with lock:` gives the lock back on **every** way out:
# at the end, by return, by an exception. **Fix it**: write `pay` with `with lock:`, and explore again.
#
# ## Build a lock
#
# What is inside a lock? A first try: wait until a flag is down, then raise it. Each operation of an `Atomic` is one step.


# %% id="exclusion"
def exclusion(make_door, *fence):
    """Threads 0 and 1 go in once each, and add 1 inside: a program to explore."""

    def main():
        door, count = make_door(*fence), 0

        def visit(me):
            nonlocal count
            door.enter(me)
            count += 1
            door.leave(me)

        together(lambda: visit(0), lambda: visit(1))
        assert count == 2, "both were inside"

    return main


# %% id="flag-door" tags=["predict"]
class FlagDoor:
    def __init__(self):
        self.taken = Atomic(False)

    def enter(self, me):
        while self.taken.load():
            pass
        self.taken.store(True)

    def leave(self, me):
        self.taken.store(False)


predict("flag-door", "Does it keep two threads apart?", ["yes", "no: both may come in", "no: both may wait for ever"])

# %% id="flag-door-broken" tags=["break-it"]
flag = explore(exclusion(FlagDoor))
reveal("flag-door", "A" if flag.passed else "B", because="Check-then-act again: both look before either raises the flag.")
print(flag.explain())

# %% [markdown] id="test-and-set"
# The lock has the very race that it should prevent. To look and to set must be **one** step: **test-and-set**. On x86 it is
# `xchg` or `lock cmpxchg`; here it is `compare_exchange(False, True)`: set it if it is False, and say whether it was. A lock
# whose waiters try again and again is a **spinlock**.


# %% id="tas-door" tags=["demo"]
class TasDoor(FlagDoor):
    def enter(self, me):
        while not self.taken.compare_exchange(False, True):
            pass


explore(exclusion(TasDoor))

# %% [markdown] id="fair-or-not"
# Proven. But it is not **fair**: one thread may try for ever while others hand the lock to and fro (**starvation**). The baker's
# cure: draw a **ticket**, wait until your number is called. `fetch_add` draws it in one step. You write that lock in 6c.
#
# ## A lock from nothing?
#
# Can it be done with plain reads and writes? Dekker found a way for two threads (told by Dijkstra, EWD 123), Peterson a
# shorter one (*Myths about the mutual exclusion problem*, 1981): say that you want to come in, **let the other go first**,
# and wait while the other wants to and it is the other's turn. Leave `fence` aside for a moment.


# %% id="peterson" tags=["predict"]
class Peterson:
    def __init__(self, fence):
        self.wants, self.turn, self.fence = [False, False], 0, fence

    def enter(self, me):
        self.wants[me] = True
        self.turn = 1 - me
        self.fence()
        while self.wants[1 - me] and self.turn == 1 - me:
            pass

    def leave(self, me):
        self.wants[me] = False


predict("peterson", "Without a fence, does it hold?", ["yes", "in the books, but not on an x86 processor", "no"])


# %% id="peterson-on-x86" tags=["break-it"]
def no_fence():
    pass


books = explore(exclusion(Peterson, no_fence))
x86 = explore(exclusion(Peterson, no_fence), memory="tso")
reveal("peterson", "B" if books.passed and x86.failing else "A", because="On x86 a write may still be on its way when you look.")
print("sc:", books)
print("tso:", *x86.failures[0].steps, sep="\n   ")

# %% [markdown] id="store-buffers"
# The books assume **sequential consistency** (Lamport, 1979): a read sees the newest write. An x86 processor puts its writes
# into a **store buffer**, a queue, and goes on; they reach memory later, in order. It sees its own at once, others do not.
# `A~` is A's buffer: its oldest write goes to memory. This is **TSO** (Sewell and others, *x86-TSO*, CACM 53(7), 2010).
#
# A **fence** (`mfence`) waits until your buffer is empty. It belongs **between** your write and your look. Operations of an
# `Atomic` or a lock are fences too. The smallest program that shows it:


# %% id="write-then-look" tags=["demo"]
def write_then_look():
    at = {"x": 0, "y": 0}

    def side(mine, other):
        at[mine] = 1
        return at[other]

    return tuple(together(lambda: side("x", "y"), lambda: side("y", "x")))


for memory in ("sc", "tso"):
    print(f"{memory:4}", *sorted(explore(write_then_look, memory=memory).outcomes))


# %% id="dekker"
class Dekker(Peterson):
    def enter(self, me):
        self.wants[me] = True
        while self.fence() or self.wants[1 - me]:  # a fence before each look; it returns None
            if self.turn == 1 - me:
                self.wants[me] = False
                while self.turn == 1 - me:
                    pass
                self.wants[me] = True

    def leave(self, me):
        self.turn, self.wants[me] = 1 - me, False


# %% id="mended-by-a-fence" tags=["demo"]
print("lock      memory  fence     failing schedules")
for door in (Peterson, Dekker):
    for memory, called in (("sc", no_fence), ("tso", no_fence), ("tso", fence)):
        verdict = explore(exclusion(door, called), memory=memory)
        print(f"{door.__name__:9} {memory:7} {called.__name__:9} {verdict.failing} of {verdict.runs}")

# %% [markdown] id="lock-and-data"
# (0, 0) says: both wrote, and neither saw it. Dekker's lock begins with these two steps, and breaks with them.
#
# ## Which lock for which data?
#
# Who knows all this still errs here: of 216 exam answers most named the cause, about half mended it (Strömbäck and others,
# ICER 2019). Three typical mistakes:
#
# - **different locks for one thing**: `put` has its lock, `take` its own;
# - **one lock for all things**: right, but who pays into one account waits for all others;
# - **a lock tied to nothing**: nobody can say which data it guards.
#
# A lock guards *data*, not code. Make it where the data is made.


# %% id="different-locks" tags=["break-it"]
def two_locks_one_account():
    balance, put_lock, take_lock = 100, Mutex("put"), Mutex("take")

    def move(lock, amount):
        nonlocal balance
        with lock:
            balance += amount

    together(lambda: move(put_lock, 10), lambda: move(take_lock, -10))
    assert balance == 100


print(explore(two_locks_one_account).explain())


# %% id="lost-overlap" tags=["demo"]
def at_once(a, b):
    """Each thread at an account of its own, under lock a or b: can both be inside at the same time?"""

    def main():
        inside = [False, False]

        def work(lock, me):
            with lock:
                inside[me], met = True, inside[1 - me]
                inside[me] = False
            return met

        return any(together(lambda: work(a, 0), lambda: work(b, 1)))

    return main


print("one lock:", sorted(explore(at_once(guard, guard)).outcomes))
print("two locks:", sorted(explore(at_once(guard, Mutex("b"))).outcomes))

# %% [markdown] id="data-races"
# With one lock for all, `True` cannot happen: the overlap is **lost**. Nothing is wrong, everything is slow.
#
# A last word on words. A **data race** is less than a race: two accesses to one place, one of them a write, and *nothing* puts
# them in order. In C it is undefined behaviour, whatever comes out (C11, 5.1.2.4). `explore(main, races=True)` counts each as a
# failure. Here is a program that locks every access. Does it sell the seat once?


# %% id="race-without-data-race" tags=["break-it"]
def last_seat():
    free, lock = [1], Mutex("seats")

    def book():
        with lock:
            seen = free[0]
        if seen:
            with lock:
                free[0] -= 1

    together(book, book)
    assert free[0] == 0, "sold twice"


for main in (two_tellers, last_seat):
    print(f"{main.__name__:11}", *sorted({failure.kind for failure in explore(main, races=True).failures}))

# %% [markdown] id="keep-this"
# `two_tellers` has a data race. `last_seat` has none, and sells the seat twice: check-then-act, in two sections instead of one.
#
# ## Keep this
#
# 1. A race is a schedule that somebody will meet one day; testing runs a few, `explore` runs all that differ.
# 2. What belongs together goes into one critical section, under one lock, and the lock belongs to the data.
# 3. To look and to set must be one step; and what you wrote must be in memory before you look.
#
# [Exercises 6](../exercises/06_races.ipynb). Next:
# [7 · Condition variables, semaphores, barriers](07_waiting.ipynb). Words: [glossary](../GLOSSARY.md).
