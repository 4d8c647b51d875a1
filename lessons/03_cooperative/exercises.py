# %% [markdown] id="title"
# # Exercises 3 · Cooperative threads
#
# After this you can
#
# - write a scheduler that runs threads in turn, and threads that spawn others,
# - hand a result or an exception to whoever joins,
# - let threads sleep on a clock that jumps,
# - protect a read and a write that belong together,
# - measure how long one thread keeps all others waiting.
#
# Write between the lines that say so, run the cell, then run the check below it. A check that fails says what came back, what was
# expected and why. Stuck? Run the cell with `hint` below for a nudge; run it again for more, or name another exercise.

# %% id="doorway"
from collections import deque
from itertools import pairwise

from labkit import Mutex, Trace, burn, now, run, sched_yield, sleep, spawn
from labkit.course import check, hint

# %% id="a-hint" tags=["skip-execution"]
hint("3a")

# %% [markdown] id="3a-task"
# ## 3a Spawn and yield, round robin
#
# Here a thread is a generator: `next(thread)` gives it one **turn**, up to its next `yield`. Write the scheduler.
#
# - `spawn(thread)` puts a new thread at the end of the run queue. It does not run yet. A thread may call it in the middle of
#   its turn.
# - `run()` gives turns, one thread after the other, until all have ended, and returns how many turns it gave. The turn in
#   which a thread ends (`StopIteration`) is a turn too.

# %% id="3a-solution" tags=["exercise"]
class Scheduler:
    """Runs threads in turn; a thread is a generator."""

    def __init__(self):
        self.runq = deque()

    def spawn(self, thread):
        """Put a new thread at the end of the run queue."""
        ### BEGIN SOLUTION
        self.runq.append(thread)
        ### END SOLUTION

    def run(self):
        """Give turns until all threads have ended; return how many turns that took."""
        ### BEGIN SOLUTION
        turns = 0
        while self.runq:
            thread = self.runq.popleft()
            turns += 1
            try:
                next(thread)
            except StopIteration:
                continue
            self.runq.append(thread)
        return turns
        ### END SOLUTION

# %% [markdown] id="3a-tools-task"
# The checks play small programs on your scheduler. `story(2, 3)` spawns thread A with two steps and B with three, and gives
# what they said in order: `A1 B1 …`. `family(2)` spawns a parent P and a thread X; in each of its turns the parent spawns a
# child (a, then b).

# %% id="3a-tools"
def talk(said, name, steps):
    for step in range(1, steps + 1):
        said.append(f"{name}{step}")
        yield

def story(*steps, rounds=1, count=False):
    said, scheduler, turns = [], Scheduler(), 0
    for _ in range(rounds):
        for name, length in zip("ABCDEF", steps, strict=False):
            scheduler.spawn(talk(said, name, length))
        turns = scheduler.run()
    return turns if count else " ".join(said)

# %% id="3a-more-tools"
def family(children):
    said, scheduler = [], Scheduler()

    def parent():
        for number, name in enumerate("abcdef"[:children], 1):
            said.append(f"P{number}")
            scheduler.spawn(talk(said, name, 2))
            yield

    scheduler.spawn(parent())
    scheduler.spawn(talk(said, "X", 3))
    scheduler.run()
    return " ".join(said)

# %% id="3a-check" tags=["check"]
check("story(2, 2)", "A1 B1 A2 B2", why="A yields after its first step, so B, which waited longest, goes before A's second.")
check("story(1, 3)", "A1 B1 B2 B3", why="A ends after its step; B must still get all of its turns.")
check("family(2)", "P1 X1 a1 P2 X2 a2 b1 X3 b2",
      why="A child is spawned during P's turn, so it is in the queue before P returns to it.")
check("story(2, 3, count=True)", 7, why="Each thread takes one turn more than it has steps: in the last it only ends.")
### BEGIN HIDDEN TESTS
check("story()", "", why="Without threads there is nothing to do, and that is no error.")
check("story(count=True)", 0, why="No thread, no turn.")
check("story(3, 1, 2)", "A1 B1 C1 A2 C2 A3", why="B drops out after its only step; the order of the others stays.")
check("story(0, 2, 0, 1)", "B1 D1 B2",
      why="A thread may end in its very first turn, and the next one must not lose its own by it.")
check("story(1, 2, 1, count=True)", 7, why="Turns of threads that end count like all others.")
check("story(2, 1, rounds=2)", "A1 B1 A2 A1 B1 A2", why="A scheduler whose threads have ended can be given new ones.")
check("family(3)", "P1 X1 a1 P2 X2 a2 b1 P3 X3 b2 c1 c2", why="However many threads P spawns, X gets its turn in every round.")
check("family(0)", "X1 X2 X3", why="A parent without children just ends.")
### END HIDDEN TESTS

# %% [markdown] id="3b-task"
# ## 3b Join, and exceptions that arrive
#
# A thread may now return a value, or fail. Write two functions.
#
# - `step(thread)` gives it one turn. When the generator ends, set `done`, and keep the value it returned in `result`
#   (`StopIteration` has it in its attribute `value`) or the exception that it raised in `error`. No exception may leave `step`:
#   the scheduler and the other threads are not to blame.
# - `join(thread)` is used as `result = yield from join(thread)`. It yields until the thread is done, then returns its result or
#   raises its very exception.

# %% id="3b-thread"
class Thread:
    def __init__(self, body):
        self.body = body        # the generator
        self.done = False
        self.result = None
        self.error = None

# %% id="3b-solution" tags=["exercise"]
def step(thread):
    """Give the thread one turn; when it ends, keep its result or its exception."""
    ### BEGIN SOLUTION
    try:
        next(thread.body)
    except StopIteration as end:
        thread.result = end.value
        thread.done = True
    except Exception as error:
        thread.error = error
        thread.done = True
    ### END SOLUTION


def join(thread):
    """Wait for the thread's end; return its result or raise its exception. Use: yield from join(thread)."""
    ### BEGIN SOLUTION
    while not thread.done:
        yield
    if thread.error is not None:
        raise thread.error
    return thread.result
    ### END SOLUTION

# %% [markdown] id="3b-tools-task"
# The checks use these tools. `play(main)` runs the generator `main(start)` and whatever it starts, in turn, for 200 rounds at
# most, and gives what `main` returned. `cook(dish, steps)` yields so many times and returns the dish, or raises the error that
# you give it. `joined(body, wait=2, times=1)` starts a thread, yields twice, then joins it: it gives a list of what `join`
# returned.

# %% id="3b-tools"
def play(main):
    threads = []

    def start(body):
        threads.append(Thread(body))
        return threads[-1]

    first = start(main(start))
    for _ in range(200):
        for thread in threads:          # a list may grow while we go through it
            if not thread.done:
                step(thread)
    return outcome(first)

# %% id="3b-more-tools"
def outcome(thread):
    if not thread.done:
        raise RuntimeError("main has not ended after 200 rounds: for what does it still wait?")
    if thread.error is not None:
        raise thread.error
    return thread.result

def cook(dish, steps, error=None):
    yield from [None] * steps
    if error is not None:
        raise error
    return dish

# %% id="3b-last-tools"
def joined(*bodies, wait=0, times=1):
    def main(start):
        threads, got = [start(body) for body in bodies], []
        yield from [None] * wait
        for thread in threads * times:
            got += [(yield from join(thread))]
        return got

    return play(main)

class Burnt(Exception):
    pass

# %% id="3b-programs"
burnt = Burnt("black")

def catches(start):
    try:
        return (yield from join(start(cook("soup", 1, burnt))))
    except Burnt as error:
        return error

def carefree(start):
    start(cook("soup", 1, burnt))       # nobody joins it
    return (yield from join(start(cook("rice", 4))))

# %% id="3b-one-thread"
def done_after(turns, body):
    thread = Thread(body)
    for _ in range(turns):
        step(thread)
    return thread.done

# %% id="3b-check" tags=["check"]
check("joined(cook('rice', 3))", ["rice"], why="join waits while the thread has steps left, then gives what the thread returned.")
check("joined(cook('rice', 1), wait=5)", ["rice"], why="The thread ended before anybody asked; its result must still be there.")
check("joined(cook('soup', 2, Burnt('black')))", raises=Burnt, why="Whoever waits for a value must hear that there is none.")
check("joined(cook('soup', 1), cook('rice', 4))", ["soup", "rice"], why="Several threads can be joined one after the other.")
### BEGIN HIDDEN TESTS
check("joined(cook('soup', 1, Burnt('black')), wait=6)", raises=Burnt,
      why="An exception too must wait for a join that comes late.")
check("joined(cook('rice', 2), times=2)", ["rice", "rice"],
      why="Two may want the same result; the first join must not take it away.")
check("joined(cook(0, 2))", [0], why="0 is a result like any other: whether a thread is done is not to be read from its result.")
check("joined(cook(None, 2), cook('', 1))", [None, ""], why="A thread that returns None has ended all the same.")
check("joined(cook('rice', 0))", ["rice"], why="A thread may end in its very first turn.")
check("done_after(3, cook('soup', 2, Burnt()))", True, why="The turn in which it fails is its last: failed is done too.")
check("done_after(2, cook('rice', 2))", False, why="Two steps are two turns; only in the third does it end.")
check("play(carefree)", "rice", why="One thread fails, and the others go on.")
check("play(lambda start: cook('all', 4, KeyError('salt')))", raises=KeyError,
      why="main is a thread as well: its error is kept too.")
check("play(catches) is burnt", True, why="The joiner gets the thread's own exception, not another one like it.")
check("str(play(catches))", "black", why="The message says what went wrong, so it must arrive with the exception.")
### END HIDDEN TESTS

# %% [markdown] id="3c-task"
# ## 3c Sleep on a virtual clock
#
# Now a thread may say how long it wants to sleep: `yield 3` sleeps 3 seconds of the clock, `yield 0.5` half a second. `yield`
# alone (it gives `None`) means: I am runnable, let the others go first. Write `run_threads`, a scheduler that knows both.
#
# - Threads take turns in the order of the list. Who wakes goes to the end of the run queue.
# - The clock moves only when nobody can run, and then straight to the next moment at which somebody wakes: `clock.jump_to(time)`.
# - Who wakes at the same moment goes in the order in which they went to sleep.

# %% id="3c-clock"
class Clock:
    def __init__(self):
        self.now = 0
        self.jumps = []

    def jump_to(self, time):
        if time < self.now:
            raise ValueError(f"it is {self.now} already; the clock cannot jump back to {time}")
        self.now = time
        self.jumps.append(time)

# %% id="3c-solution" tags=["exercise"]
def run_threads(threads, clock):
    """Run generators that yield None (go on later) or a number of seconds (sleep), until all have ended."""
    ### BEGIN SOLUTION
    runq = deque(threads)
    sleepers = []  # (wake time, thread), earliest first; who slept first stands first among equals
    while runq or sleepers:
        if not runq:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] == clock.now:
                runq.append(sleepers.pop(0)[1])
        thread = runq.popleft()
        try:
            seconds = next(thread)
        except StopIteration:
            continue
        if seconds is None:
            runq.append(thread)
        else:
            sleepers.append((clock.now + seconds, thread))
            sleepers.sort(key=lambda sleeper: sleeper[0])
    ### END SOLUTION

# %% [markdown] id="3c-tools-task"
# `wakes(A=[3], B=[1, 1])` runs thread A, which sleeps 3 seconds, and B, which sleeps one second twice. It gives who went on when:
# `B@1 B@2 A@3`. `jumps(…)` gives the moments to which the clock jumped.

# %% id="3c-tools"
def sleeper(said, clock, name, naps):
    for seconds in naps:
        yield seconds
        said.append(f"{name}@{clock.now:g}")

def wakes(jumps=False, **naps):
    said, clock = [], Clock()
    run_threads([sleeper(said, clock, name, each) for name, each in naps.items()], clock)
    return clock.jumps if jumps else " ".join(said)

def jumps(**naps):
    return wakes(jumps=True, **naps)

# %% id="3c-check" tags=["check"]
check("wakes(A=[3], B=[1], C=[2])", "B@1 C@2 A@3", why="All three sleep at the same time; the shortest sleep ends first.")
check("wakes(A=[1, 1], B=[None, None])", "B@0 B@0 A@1 A@2",
      why="B never sleeps, so it goes on while A does, and the clock stands still.")
check("jumps(A=[1000000])", [1000000], why="Nothing happens before somebody wakes, so the clock gets there in one jump.")
check("wakes(A=[2], B=[2])", "A@2 B@2", why="Both wake at 2; A went to sleep first.")
### BEGIN HIDDEN TESTS
check("wakes(A=[0.5, 0.5], B=[0.75])", "A@0.5 B@0.75 A@1", why="Sleeps need not be whole seconds.")
check("wakes(A=[1, 1, 1], B=[3])", "A@1 A@2 B@3 A@3", why="Both wake at 3; B went to sleep at 0 and A only at 2.")
check("wakes(A=[5], B=[5], C=[5], D=[1])", "D@1 A@5 B@5 C@5", why="Equals keep their order, whoever wakes before them.")
check("wakes(A=[1, None], B=[1])", "A@1 B@1 A@1",
      why="All who wake at one moment are in the run queue before any of them has a second turn.")
check("wakes(A=[None, 1], B=[1, None])", "A@0 B@1 A@1 B@1", why="A sleep counts from the moment at which it begins.")
check("jumps(A=[3], B=[1], C=[3])", [1, 3], why="One jump for each moment at which somebody wakes, and no other.")
check("jumps(A=[None, None], B=[None])", [], why="Nobody sleeps, so the clock has no reason to move.")
check("wakes(A=[], B=[2])", "B@2", why="The run queue may be empty while somebody still sleeps.")
check("wakes()", "", why="Without threads there is nothing to do.")
### END HIDDEN TESTS

# %% [markdown] id="3d-task"
# ## 3d A lost update across a yield
#
# From here on, threads are labkit's. `withdraw_broken` reads the balance, asks the bank, and writes; while it asks, others run.
# Run it: two withdrawals of 80 from an account that holds 100. How much money did the bank hand out?
#
# Write `withdraw`, which loses nothing. It looks whether the balance is enough. If so, it calls `ask_the_bank(account)`, takes
# the amount and returns `True`; if not, it returns `False`. The bank may refuse: then `ask_the_bank` raises `PermissionError`,
# nothing is taken, and the exception goes on to the caller. Each account has a lock of its own, `account.lock`: withdrawals
# from *different* accounts must not wait for each other.

# %% id="3d-bank"
class Account:
    def __init__(self, balance, refusals=0):
        self.balance, self.refusals = balance, refusals
        self.lock = Mutex("account")

def ask_the_bank(account):
    asking.append(account)
    most_at_once.append(len(asking))
    sched_yield()
    asking.remove(account)
    if account.refusals:
        account.refusals -= 1
        raise PermissionError("the bank refuses")

# %% [markdown] id="3d-tools-task"
# `at_the_bank(accounts, (0, 80), (1, 30))` withdraws 80 from the first account and 30 from the second, each in a thread of its
# own. It gives what each was paid, what is left on each account, how often the bank was asked, and how many asked at once.

# %% id="3d-tools"
asking, most_at_once = [], []

def teller(function, account, amount):
    try:
        return function(account, amount)
    except PermissionError:
        return "refused"

# %% id="3d-more-tools"
def at_the_bank(accounts, *orders, function=None):
    def main():
        asking.clear()
        most_at_once[:] = [0]
        threads = [spawn(teller, function or withdraw, accounts[i], amount) for i, amount in orders]
        return [thread.join() for thread in threads]

    paid, left = run(main).result, [account.balance for account in accounts]
    return {"paid": paid, "left": left, "asked": len(most_at_once) - 1, "at once": max(most_at_once)}

# %% id="3d-broken"
def withdraw_broken(account, amount):
    balance = account.balance
    if balance < amount:
        return False
    ask_the_bank(account)               # BUG (on purpose): the others run here
    account.balance = balance - amount
    return True

at_the_bank([Account(100)], (0, 80), (0, 80), function=withdraw_broken)

# %% id="3d-solution" tags=["exercise"]
def withdraw(account, amount):
    """Take the amount if the account holds it; True if it was taken, False if not."""
    ### BEGIN SOLUTION
    with account.lock:
        if account.balance < amount:
            return False
        ask_the_bank(account)
        account.balance -= amount
        return True
    ### END SOLUTION

# %% id="3d-check" tags=["check"]
check("at_the_bank([Account(100)], (0, 80), (0, 80))", {"paid": [True, False], "left": [20], "asked": 1, "at once": 1},
      why="100 is enough for one withdrawal of 80, not for two; the second must see what the first took, and need not ask.")
check("at_the_bank([Account(100)], (0, 30), (0, 30))", {"paid": [True, True], "left": [40], "asked": 2, "at once": 1},
      why="Every withdrawal leaves its mark, and the bank is asked for each: to drop the question is no cure.")
check("at_the_bank([Account(50), Account(50)], (0, 20), (1, 30))",
      {"paid": [True, True], "left": [30, 20], "asked": 2, "at once": 2},
      why="Different accounts have nothing to wait for: both questions are at the bank at the same time.")
### BEGIN HIDDEN TESTS
check("at_the_bank([Account(100)], (0, 200), (0, 60))", {"paid": [False, True], "left": [40], "asked": 1, "at once": 1},
      why="Whoever leaves without money must give the lock back too, and need not ask.")
check("at_the_bank([Account(100)], (0, 100), (0, 1))", {"paid": [True, False], "left": [0], "asked": 1, "at once": 1},
      why="All of the balance may be taken, and then nothing is left.")
check("at_the_bank([Account(9, 1)], (0, 5), (0, 5))", {"paid": ["refused", True], "left": [4], "asked": 2, "at once": 1},
      why="After a refusal nothing was taken, the lock is free, and the caller knows.")
check("at_the_bank([Account(9)], (0, 4), (0, 4), (0, 4))", {"paid": [True, True, False], "left": [1], "asked": 2, "at once": 1},
      why="The look at the balance belongs under the lock too.")
check("at_the_bank([Account(9), Account(9)], (0, 5), (1, 5), (0, 5), (1, 5))",
      {"paid": [True, True, False, False], "left": [4, 4], "asked": 2, "at once": 2}, why="Each account counts for itself.")
### END HIDDEN TESTS

# %% [markdown] id="3e-task"
# ## 3e One blocking call stops all
#
# First measure, then repair.
#
# - `largest_gap_ns(trace, name)`: the longest time in ns between two successive moments at which the thread called `name` **got
#   the processor**; 0 if there are fewer than two. Go through `trace.of("sched_switch")`: such an event has `t_ns`, and
#   `next_tid` is the thread that got the processor. `trace.name(tid)` gives its name.
# - `work(total_ms, piece_ms)`: compute for `total_ms` milliseconds in all (`burn(0.001)` computes for one), but yield after every
#   `piece_ms`, so that others get their turn in between. The last piece may be shorter.

# %% id="3e-solution" tags=["exercise"]
def largest_gap_ns(trace, name):
    """Longest time between two successive moments at which the thread got the processor; 0 if fewer than two."""
    ### BEGIN SOLUTION
    times = [event.t_ns for event in trace.of("sched_switch") if trace.name(event.next_tid) == name]
    return max((after - before for before, after in pairwise(times)), default=0)
    ### END SOLUTION


def work(total_ms, piece_ms):
    """Compute for total_ms in all, and yield after every piece_ms at the latest."""
    ### BEGIN SOLUTION
    while total_ms > 0:
        piece = min(piece_ms, total_ms)
        burn(piece / 1000)
        total_ms -= piece
        sched_yield()
    ### END SOLUTION

# %% [markdown] id="3e-tools-task"
# `trace_of("heart 0", "hog 10", "heart 50")` makes a trace in which heart gets the processor at 0 ns, hog at 10 ns, heart at 50
# ns. `beside_a_heart(100, 10)` runs `work(100, 10)` beside a heart that beats every 10 ms, and measures without your function:
# the largest gap between two beats in ms, and how many ms `work` used the processor.

# %% id="3e-tools"
def trace_of(*turns):
    names = list(dict.fromkeys(turn.split()[0] for turn in turns))
    raw, before = [], 0
    for name, t_ns in (turn.split() for turn in turns):
        tid = names.index(name) + 1
        raw.append((int(t_ns), "sched_switch", before, 0, "RUNNABLE", tid, "yield"))
        before = tid
    return Trace(raw, dict(enumerate(names, 1)))

# %% id="3e-more-tools"
def beat(times):
    while now() < 0.4:
        times.append(now())
        sleep(0.010)

def beside_a_heart(total_ms, piece_ms):
    def main(times):
        for thread in [spawn(beat, times, name="heart"), spawn(work, total_ms, piece_ms, name="work")]:
            thread.join()
        return round(max((after - before for before, after in pairwise(times)), default=0) * 1000)

    ran = run(lambda: main([]))
    return {"gap": ran.result, "used": round(ran.trace.summary().running_ns["work"] / 1e6)}

# %% id="3e-check" tags=["check"]
check("largest_gap_ns(trace_of('heart 0', 'hog 10', 'heart 50', 'hog 60', 'heart 80'), 'heart')", 50,
      why="heart at 0, 50 and 80: gaps 50 and 30.")
check("largest_gap_ns(trace_of('hog 0', 'heart 5', 'hog 7'), 'heart')", 0, why="One moment alone leaves no gap.")
check("beside_a_heart(100, 100)['used']", 100, why="work has 100 ms to compute, in one piece here.")
check("beside_a_heart(100, 5)['gap'] <= 20", True,
      why="heart sleeps 10 ms, then work may finish a piece of 5 ms and have one more turn.")
### BEGIN HIDDEN TESTS
check("largest_gap_ns(trace_of('heart 0', 'hog 10', 'heart 50', 'hog 60', 'heart 80'), 'hog')", 50,
      why="hog at 10 and 60; name says whom to watch.")
check("largest_gap_ns(trace_of('hog 0', 'heart 5', 'hog 7'), 'nobody')", 0,
      why="A thread that never ran has no gap, and that is no error.")
check("largest_gap_ns(trace_of('a 0', 'b 1', 'a 3', 'b 4', 'a 9', 'b 10', 'a 11'), 'a')", 6,
      why="a at 0, 3, 9 and 11: the largest is in the middle.")
check("largest_gap_ns(Trace(), 'heart')", 0, why="An empty trace has no gap.")
check("beside_a_heart(100, 30)['used']", 100, why="Three pieces of 30 and a last one of 10: no more and no less.")
check("beside_a_heart(20, 50)['used']", 20, why="A piece longer than the work must not make the work longer.")
check("beside_a_heart(300, 20)['gap'] <= 50", True, why="However much there is to do, heart waits for two pieces at most.")
check("beside_a_heart(300, 20)['used']", 300, why="To yield more often must not make the work less.")
check("beside_a_heart(0, 10)['used']", 0, why="Nothing to do is done at once.")
### END HIDDEN TESTS

# %% [markdown] id="done"
# ## Done?
#
# - Your scheduler, join and sleep are the heart of every cooperative system; labkit's own is in `labkit/machines/`.
# - Whatever belongs together across a yield needs one lock, held from the first look to the last write.
# - A promise such as "nobody waits longer than 5 ms" can be measured in a trace.
#
# In [lesson 4](../notebooks/04_preemption.ipynb) a timer takes the processor from the hog. Words: [glossary](../GLOSSARY.md).
