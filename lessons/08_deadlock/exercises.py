# %% [markdown] id="title"
# # Exercises 8 · Deadlock and liveness
#
# Five exercises. You break four programs as the scheduler, lock two accounts in an order, lock them out of order and back off,
# write a detector that needs no deadlock to find one, and lend priorities.
#
# 8a to 8c are checked by exploring: every schedule of a small program is run, and one that fails is told to you step by step.
# Stuck? `hint("8a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
from labkit import Atomic, Mutex, explore, replay, run, spawn  # noqa: F401
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("8a")

# %% [markdown] id="8a-text"
# ## 8a · The shortest way into a deadlock
#
# You are the scheduler of four programs. For each write a schedule, such as `"A B B"`, that leads into a deadlock in as **few
# steps** as possible. If no schedule of a program deadlocks, write None.
#
# A step is an operation of a lock or of an `Atomic`. `replay(ring, "A B").steps` tells what each step of a schedule did. After
# your last step the same thread goes on as long as it can, then the others. These steps count too.
#
# Look at the code, or play with `explore(ring).play()`. Ask `explore(ring)` only afterwards.


# %% id="8a-crew"
def crew(*bodies):
    """Spawn the functions as threads A, B, C and wait for their ends."""
    for thread in [spawn(body, name=name) for body, name in zip(bodies, "ABC", strict=False)]:
        thread.join()


def both(first, second):
    """Takes two locks, one inside the other."""
    with first:
        with second:
            pass


# %% id="8a-ring"
def ring():
    one, two, three = Mutex("one"), Mutex("two"), Mutex("three")
    crew(lambda: both(one, two), lambda: both(two, three), lambda: both(three, one))


def gated():
    left, right, gate = Mutex("left"), Mutex("right"), Mutex("gate")
    crew(lambda: gate_first(gate, left, right), lambda: gate_first(gate, right, left))


def gate_first(gate, first, second):
    with gate:
        both(first, second)


# %% id="8a-only-if"
def only_if(flag, first, second):
    """Takes the second lock only if the flag is True."""
    with first:
        if flag.load():
            with second:
                pass


# %% id="8a-late"
def late():
    left, right, warm = Mutex("left"), Mutex("right"), Atomic(False, name="warm")

    def warmer():
        with right:
            warm.store(True)
            with left:
                pass

    crew(lambda: only_if(warm, left, right), warmer)


# %% id="8a-rounds"
def rounds():
    left, right = Mutex("left"), Mutex("right")

    def back_and_forth():
        both(left, right)
        both(right, left)

    def forth():
        with right:
            pass
        both(left, right)

    crew(back_and_forth, forth)


# %% id="8a-solution" tags=["exercise"]
def shortest():
    """For each program a schedule as text, or None."""
    ### BEGIN SOLUTION
    return {"ring": "A B C", "gated": None, "late": "B B A A", "rounds": "B B A A A A A B"}
    ### END SOLUTION


# %% id="8a-ends"
def ends(name):
    """How the run along your schedule ends, and after how many steps."""
    program, schedule = {"ring": ring, "gated": gated, "late": late, "rounds": rounds}[name], shortest()[name]
    if schedule is None:
        return "no schedule"
    replayed = replay(program, schedule)
    return replayed.failure.kind if replayed.failure else "all threads end", len(replayed.schedule)


# %% id="8a-check" tags=["check"]
check('ends("ring")', ("deadlock", 3), why="each thread holds one lock and waits for the next: one step each is enough")
check('ends("late")', ("deadlock", 4), why="A waits for right only if B has stored True before A looks")
check('ends("rounds")', ("deadlock", 8), why="both begin their rounds at a lock: find the pair of rounds that meet head on")
check('ends("gated")', "no schedule", why="who holds gate is alone with left and right, whatever their order")
### BEGIN HIDDEN TESTS
check("shortest() and explore(gated)", why="None claims that no schedule of it deadlocks, and this is the proof")
### END HIDDEN TESTS

# %% [markdown] id="8b-text"
# ## 8b · One order for all
#
# Write `transfer(source, target, amount)`. It takes the locks of both accounts. While it holds both, it looks whether
# `source.balance` is enough. If so, it calls `move(source, target, amount)` and returns True; if not, it returns False.
#
# - No schedule may deadlock. `account.number` is an account's own; two accounts may have the same `name`.
# - Transfers between other accounts must be able to go on meanwhile.
# - From an account to itself nothing is moved: return False.
# - `move` may raise. Then nothing may stay locked.


# %% id="8b-account"
class Account:
    """Money with a lock; moving counts the transfers that move money just now, met says that there was another one."""

    def __init__(self, number, balance=100, name="Ann", moving=None):
        self.number, self.balance, self.name = number, balance, name
        self.lock, self.moving, self.met = Mutex(f"account {number}"), moving or Atomic(0), False


def move(source, target, amount):
    """Moves money; who calls it holds the locks of both accounts."""
    assert amount > 0, "a transfer moves money"
    source.met = source.moving.fetch_add(1) > 0 or source.met
    source.balance -= amount
    target.balance += amount
    source.moving.fetch_add(-1)


# %% id="8b-bank"
def bank(*orders, names=("Ann", "Bob", "Cyd", "Dan"), balance=100):
    """A program: accounts 1 to 4, and a thread for each order (source, target, amount). Results, then balances."""

    def main():
        accounts = [Account(i + 1, balance, names[i]) for i in range(len(names))]
        threads = [spawn(transfer, accounts[a - 1], accounts[b - 1], amount) for a, b, amount in orders]
        results, balances = [thread.join() for thread in threads], [account.balance for account in accounts]
        assert sum(balances) == balance * len(accounts), "money was lost or made"
        return *results, *balances

    return main


# %% id="8b-clumsy"
def clumsy():
    """The first transfer raises; then another one wants the same accounts."""
    one, two = Account(1), Account(2)
    try:
        transfer(one, two, -5)
    except AssertionError:
        pass
    return transfer(two, one, 30), one.balance, two.balance


# %% id="8b-strangers"
def strangers():
    """Whether two transfers that share no account moved money at the same time."""
    moving = Atomic(0)
    accounts = [Account(number, moving=moving) for number in (1, 2, 3, 4)]
    threads = [spawn(transfer, *accounts[:2], 10), spawn(transfer, *accounts[2:], 10)]
    for thread in threads:
        thread.join()
    return any(account.met for account in accounts)


# %% id="8b-solution" tags=["exercise"]
def transfer(source, target, amount):
    """Move amount if source has it, under both locks; whether it was moved."""
    ### BEGIN SOLUTION
    if source is target:
        return False
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        if source.balance < amount:
            return False
        move(source, target, amount)
        return True
    ### END SOLUTION


# %% id="8b-check" tags=["check"]
check("run(bank((1, 2, 30))).result", (True, 70, 130, 100, 100), why="enough money: it moves")
check("run(bank((1, 2, 130))).result", (False, 100, 100, 100, 100), why="too little: nothing moves")
check("explore(bank((1, 2, 10), (2, 1, 20)))", why="two transfers in opposite directions must take the locks in one order")
check("explore(bank((1, 2, 10), (2, 1, 20), names=('Ann', 'Ann')))", why="two people may have one name: names give no order")
check("set(explore(bank((1, 2, 60), (3, 2, 5), (1, 2, 60), names='ABC')).outcomes)", {(True, True, False, 40, 165, 95),
      (False, True, True, 40, 165, 95)}, why="test and move belong under the same locks")
check("run(bank((1, 1, 30))).result", (False, 100, 100, 100, 100), why="a thread that waits for a lock it holds waits for ever")
check("run(clumsy).result", (True, 130, 70), why="who leaves by an exception must give the locks back, too")
check("True in explore(strangers).outcomes", why="one lock for all accounts makes strangers wait for each other")
### BEGIN HIDDEN TESTS
check("explore(bank((1, 2, 10), (2, 3, 10), (3, 1, 10), names=('Ann', 'Bob', 'Cyd')))", why="a ring of three must not close")
check("explore(bank((1, 2, 10), (2, 3, 10), (3, 1, 10), names=('Ann',) * 3))", why="the order must not come from the names")
check("explore(bank((1, 2, 50), (2, 1, 10)))", why="balances change while others wait: they give no order")
check("explore(bank((2, 1, 10), (1, 2, 10), names=('Bob', 'Ann')))", why="the order is the same whoever begins")
check("explore(bank((1, 1, 10), (1, 2, 20)))", why="a transfer to itself must disturb nobody")
check("run(bank((1, 2, 100))).result", (True, 0, 200, 100, 100), why="all of it is enough")
### END HIDDEN TESTS

# %% [markdown] id="8c-text"
# ## 8c · Try, and back off
#
# Sometimes you learn only inside which second lock you need. Then no order can be kept.
#
# `also(mine, other)`: the caller holds `mine.lock`; afterwards it holds both. Return whether `mine.lock` was given back
# meanwhile. If the other lock is free, take it and give nothing back. Never hold one and wait for the other against an order
# that all share; and do not go round and round.
#
# `pay(mine, other, amount)`: take `mine.lock`; if the balance is enough, get the other lock with `also`, and call `move`. In
# the end both are free. Return whether money was moved. What you knew of `mine` is old once its lock was given back.


# %% id="8c-solution" tags=["exercise"]
def also(mine, other):
    """Get other.lock, too; whether mine.lock was given back meanwhile."""
    ### BEGIN SOLUTION
    if other.lock.acquire(blocking=False):
        return False
    mine.lock.release()
    for account in sorted((mine, other), key=lambda account: account.number):
        account.lock.acquire()
    return True
    ### END SOLUTION


def pay(mine, other, amount):
    """Move amount if mine has it; whether it was moved."""
    ### BEGIN SOLUTION
    with mine.lock:
        if mine.balance < amount:
            return False
        also(mine, other)
        enough = mine.balance >= amount
        if enough:
            move(mine, other, amount)
        other.lock.release()
        return enough
    ### END SOLUTION


# %% id="8c-undisturbed"
def undisturbed():
    """also() when nobody else is there: its answer, who holds the locks then, and how often mine was given back."""
    mine, other = Account(2), Account(1)
    mine.lock.acquire()
    answer = also(mine, other)
    return answer, mine.lock.holders(), other.lock.holders()


def given_back():
    """How many locks were released meanwhile."""
    return len(run(undisturbed).trace.of("lock_release"))


# %% id="8c-meet"
def meet(*orders, balance=100):
    """A program: three accounts, and a thread for each order (mine, other, amount). Results, then balances."""

    def main():
        accounts = [Account(number, balance) for number in (1, 2, 3)]
        threads = [spawn(pay, accounts[a - 1], accounts[b - 1], amount) for a, b, amount in orders]
        for thread in threads:
            thread.join()
        results, balances = [thread.join() for thread in threads], [account.balance for account in accounts]
        assert min(balances) >= 0, "more was taken than there was"
        assert sum(balances) == balance * 3, "money was lost or made"
        return *results, *balances

    return main


# %% id="8c-truth"
def truth(one, two):
    """Two threads call also() across each other: whether it told the truth about giving its own lock back."""

    def main():
        accounts = [Account(one), Account(two)]
        threads = [spawn(told_truth, *accounts), spawn(told_truth, *reversed(accounts))]
        for thread in threads:
            thread.join()
        results = [thread.join() for thread in threads]
        return all(results)

    return main


# %% id="8c-told-truth"
def told_truth(mine, other):
    with mine.lock:
        mine.met = True  # whoever gets the lock next finds this
        said = also(mine, other)
        other.met, came = False, not mine.met
        other.lock.release()
        return said or not came


# %% id="8c-check" tags=["check"]
check("run(undisturbed).result", (False, ("main",), ("main",)), why="the other lock was free: take it, and keep what you have")
check("given_back()", 0, why="who gives back a lock without need must look at everything again")
check("run(meet((1, 2, 30), (1, 2, 80))).result", (True, False, 70, 130, 100), why="pay moves what is there, and no more")
check("explore(meet((1, 2, 10), (2, 1, 20)), runs=300)", why="two that meet head on must both get through, in every schedule")
check("explore(meet((1, 2, 80), (2, 1, 10), (1, 3, 80)), runs=3000)", why="once mine was free, look again; free both in any case")
check("set(explore(truth(1, 2), runs=300).outcomes)", {True}, why="the caller must learn that others were inside meanwhile")
### BEGIN HIDDEN TESTS
check("set(explore(truth(2, 1), runs=300).outcomes)", {True}, why="the answer must be true whoever holds the lower number")
check("explore(meet((2, 1, 10), (1, 2, 20)), runs=300)", why="it must not matter who begins")
check("explore(meet((1, 2, 10), (2, 3, 10), (3, 1, 10)), runs=9000)", why="three in a ring must get through, too")
### END HIDDEN TESTS

# %% [markdown] id="8d-text"
# ## 8d · A detector that needs no deadlock
#
# As lockdep: from what was locked in a run that went *well*, find the locks that could deadlock in another. Events are (thread,
# op, lock). "acquire" may have waited; "try" is a try-lock that got its lock, so it cannot wait; then "release".
#
# `order(events)`: the set of pairs (held, taken), for each lock that a thread held when it took another one by "acquire". A
# thread may take a lock again that it holds: that is no pair, and it is free after as many releases.
#
# `suspects(events)`: the locks on a cycle of such pairs, sorted. Which thread took them does not matter: another one may
# run the same code.


# %% id="8d-say"
def say(text):
    """Events in short: "A+left" is an acquire, "A?left" a try, "A-left" a release."""
    ops = {"+": "acquire", "?": "try", "-": "release"}
    return [(word[0], ops[word[1]], word[2:]) for word in text.split()]


def heard(main):
    """The events of a run of labkit, on a machine that switches only where a thread must wait."""
    trace = run(main).trace
    ops = {"lock_acquire": "acquire", "lock_release": "release"}
    return [(trace.threads[event.tid], ops[event.kind], event.lock) for event in trace if event.kind in ops]


# %% id="8d-solution" tags=["exercise"]
def order(events):
    """Pairs (held, taken): held was held when taken was acquired."""
    ### BEGIN SOLUTION
    holds, pairs = {}, set()
    for thread, op, lock in events:
        held = holds.setdefault(thread, [])
        if op == "release":
            held.remove(lock)
            continue
        if op == "acquire" and lock not in held:
            pairs |= {(other, lock) for other in held}
        held.append(lock)
    return pairs
    ### END SOLUTION


def suspects(events):
    """The locks on a cycle, sorted; [] if there is none."""
    ### BEGIN SOLUTION
    reach, before = order(events), 0
    while len(reach) > before:
        before = len(reach)
        reach |= {(a, d) for a, b in reach for c, d in reach if b == c}
    return sorted(a for a, b in reach if a == b)
    ### END SOLUTION


# %% id="8d-check" tags=["check"]
check('sorted(order(say("A+x A+y A+z A-z A-y A-x")))', [("x", "y"), ("x", "z"), ("y", "z")], why="each lock held comes before")
check('sorted(order(say("A+x B+y A-x B-y")))', [], why="what another thread holds is no pair: each waits with its own locks only")
check('sorted(order(say("A+x A+y A-x A+z")))', [("x", "y"), ("y", "z")], why="locks are released in any order; x was free then")
check('suspects(say("A+x A+y A-y A-x B+y B+x B-x B-y"))', ["x", "y"], why="two orders: another timing makes it a deadlock")
check('suspects(say("A+x A+x A-x A-x"))', [], why="a lock that its holder takes again does not wait")
check('suspects(say("A+x A+y A-y A-x B+y B+z B-z B-y C+z C+x C-x C-z"))', ["x", "y", "z"], why="a cycle may have three locks")
check('suspects(say("A+x A?y A-y A-x B+y B+x B-x B-y"))', [], why="a try does not wait, so nobody waits for y holding x")
check("suspects(heard(ring))", ["one", "three", "two"], why="this run of 8a's ring went well, another one will not")
### BEGIN HIDDEN TESTS
check('sorted(order(say("A+x A+y A+x")))', [("x", "y")], why="taking x again cannot wait, so y does not come before x")
check('sorted(order(say("A+x A+x A-x A+y")))', [("x", "y")], why="taken twice and released once, x is still held")
check('sorted(order(say("A?x A+y")))', [("x", "y")], why="what was got by a try is held like any other lock")
check('suspects(say("A+x A?y A+z A-z A-y A-x B+z B+x"))', ["x", "z"], why="x was held, too, when z was taken")
check('suspects(say("A+w A+x A+y A-y A-x A-w B+y B+x"))', ["x", "y"], why="w leads to the cycle and does not lie on it")
check('suspects(say("A+x A+y A-y A-x A+y A+x A-x A-y"))', ["x", "y"], why="another thread may run the same code")
check('suspects(say("A+a A+b A-b A-a A+b A+c A-c A-b A+c A+d A-d A-c A+d A+a"))', list("abcd"), why="cycles have any length")
check('suspects(say("A+x A+y A-y A-x B+x B+y B-y B-x"))', [], why="one order in both threads")
check("suspects([])", [], why="no locks, no cycle")
check("suspects(heard(gated))", ["left", "right"], why="lockdep's rule knows pairs only: it warns although gate protects them")
### END HIDDEN TESTS

# %% [markdown] id="8e-text"
# ## 8e · Lend a priority
#
# A pretend processor: in each tick the runnable thread with the highest `cpu.priority` works. When a thread must wait for a
# lock, its holder **inherits** its priority, so that nobody in between can hold both of them up.
#
# `on_wait(cpu, thread)`: `thread` has just begun to wait for `cpu.waits[thread]`. If the holder waits too, for another lock,
# the holder of *that* one inherits as well, and so on.
#
# `on_release(cpu, thread)`: `thread` has just released a lock, which belongs to somebody else by now, or to nobody. Its
# priority becomes what it deserves now: its own, or that of a thread that waits for a lock which it still holds.


# %% id="8e-cpu"
class Cpu:
    """Threads are {name: (priority, tick of arrival, program)}; a program is "+bus 3 -bus": acquire, three ticks, release."""

    def __init__(self, threads):
        self.base = {name: priority for name, (priority, arrival, program) in threads.items()}
        self.priority = dict(self.base)  # what each thread runs with now
        self.owner = {}  # lock: the thread that holds it
        self.waits = {}  # thread: the lock that it waits for
        self.arrival = {name: arrival for name, (priority, arrival, program) in threads.items()}
        words = {name: program.split() for name, (priority, arrival, program) in threads.items()}
        self.steps = {name: [s for w in words[name] for s in (["."] * int(w) if w.isdigit() else [w])] for name in threads}

    def runnable(self, tick):
        """The threads that could work now."""
        return [name for name in self.steps if self.arrival[name] <= tick and self.steps[name] and name not in self.waits]


# %% id="8e-locks"
def acquire(cpu, thread, lock):
    """Take a lock, or wait for it."""
    if lock in cpu.owner:
        cpu.waits[thread] = lock
        on_wait(cpu, thread)
    else:
        cpu.owner[lock] = thread


def release(cpu, thread, lock):
    """Give a lock to the most important thread that waits for it, if any."""
    del cpu.owner[lock]
    if waiting := [other for other, wanted in cpu.waits.items() if wanted == lock]:
        cpu.owner[lock] = max(waiting, key=cpu.priority.get)
        del cpu.waits[cpu.owner[lock]]
    on_release(cpu, thread)


# %% id="8e-drive"
def drive(threads):
    """Who worked in each tick; - if nobody could."""
    cpu, did = Cpu(threads), ""
    while any(cpu.steps.values()) and len(did) < 50:
        thread = max(cpu.runnable(len(did)), key=cpu.priority.get, default="-")
        step = cpu.steps[thread].pop(0) if thread != "-" else "."
        if step == ".":
            did += thread
        else:
            {"+": acquire, "-": release}[step[0]](cpu, thread, step[1:])
    return did


# %% id="8e-mars"
MARS = {"L": (1, 0, "+bus 4 -bus 1"), "M": (2, 1, "5"), "H": (3, 1, "+bus 2 -bus")}
CHAIN = {"L": (1, 0, "+a 3 -a"), "K": (2, 1, "+b 1 +a 1 -a -b"), "M": (3, 3, "3"), "H": (4, 3, "+b 1 -b")}
LATE = {"L": (1, 0, "+a 4 -a"), "K": (2, 1, "+b 2 +a 1 -a -b"), "H": (4, 2, "+b 1 -b"), "M": (3, 4, "3")}
TWO = {"L": (1, 0, "+a 1 +b 2 -b 2 -a 1"), "H": (4, 1, "+a 1 -a"), "K": (2, 2, "+b 1 -b"), "M": (3, 2, "3")}
NEST = {"L": (1, 0, "+a 1 +c 2 -c 2 -a"), "K": (2, 1, "+b +a 1 -a -b"), "H": (4, 2, "+b 1 -b"), "M": (3, 2, "3")}
APART = {"L": (1, 0, "+a 3 -a 2"), "K": (2, 1, "+b 2 -b"), "J": (3, 2, "+b 1 -b"), "H": (4, 3, "+a 1 -a")}


# %% id="8e-solution" tags=["exercise"]
def on_wait(cpu, thread):
    """thread has begun to wait: who holds it up inherits its priority."""
    ### BEGIN SOLUTION
    lent = cpu.priority[thread]
    while thread in cpu.waits:
        thread = cpu.owner[cpu.waits[thread]]
        cpu.priority[thread] = max(cpu.priority[thread], lent)
    ### END SOLUTION


def on_release(cpu, thread):
    """thread has released a lock: it keeps what it still deserves."""
    ### BEGIN SOLUTION
    lent = [cpu.priority[other] for other, lock in cpu.waits.items() if cpu.owner[lock] == thread]
    cpu.priority[thread] = max([cpu.base[thread], *lent])
    ### END SOLUTION


# %% id="8e-check" tags=["check"]
check("drive(MARS)", "LLLLHHMMMMML", why="M must not come between H and the lock, and L must fall back after it")
check("drive(CHAIN)", "LKLLKHMMM", why="H waits for K, K for L: L must inherit from H, through K")
check("drive(TWO)", "LLLLLHMMMKL", why="L releases b, but H still waits for a: L keeps H's priority, and falls back after a")
check("drive(LATE)", "LKKLLLKHMMM", why="K begins to wait with a priority that it has inherited itself: it is passed on")
### BEGIN HIDDEN TESTS
check("drive(NEST)", "LLLLLKHMMM", why="L releases c, but K still waits for a with the priority that it got from H")
check("drive(APART)", "LKKLLHJLL", why="after a is released, nobody waits for L: J waits for K, which is no reason to lift L")
free = "without locks the more important thread simply comes first"
check('drive(MARS), drive({"L": (1, 0, "2"), "H": (3, 1, "1")})', ("LLLLHHMMMMML", "LHL"), why=free)
check('drive({"L": (1, 0, "+a 2 -a 2"), "H": (3, 1, "+a 1 -a")})', "LLHLL", why="in the end L runs with its own priority again")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# 8b and 8c were proven for two or three threads. That proves these programs, and no more: another caller with an
# order of its own brings the deadlock back. 8d finds such a caller, but only if the run that it listens to comes along that
# code. 8e lends priorities; it does not undo a deadlock.
#
# **Keep this.** Lock in one order, by something unique that never changes. Who cannot keep the order tries, gives back, and
# looks again. Record orders, not accidents: a run that went well can tell of the deadlock.
#
# Back to [8 · Deadlock and liveness](../notebooks/08_deadlock.ipynb). Next:
# [9 · What a kernel thread is](09_kthreads.ipynb). Words: [glossary](../GLOSSARY.md)
