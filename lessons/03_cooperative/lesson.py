# %% [markdown] id="title"
# # 3 · Cooperative threads
#
# After this you can
#
# - write a scheduler that runs many threads in turn,
# - say what is kept when one thread stops and another goes on,
# - find an update that two polite threads lose, and save it with a lock,
# - name the two ways in which cooperative threads stand still: deadlock and the hog.
#
# You need functions, lists and `for`. Of lessons 1 and 2 nothing is taken for granted: we start with a function call.
# About 90 minutes. Run each cell with Shift+Enter. Where a cell asks, choose first and look afterwards:
# a guess that turns out wrong is remembered best.

# %% [markdown] id="calls-and-stacks"
# ## A function call, seen from below
#
# When `morning` calls `make_tea`, the computer must remember **where** `morning` was and its **variables**. It writes them on a
# slip, called a *frame*, and puts it on a pile, called the **stack**. When `make_tea` returns, its own slip is thrown away and
# the one below goes on.
#
# One pile allows one order only: the call that began last ends first. To have two things half done at once, one needs two
# piles, each of which can be set aside and taken up again. That is nearly all there is to a thread.
#
# Look at the pile while it exists, top first (`<module>` is this notebook):

# %% id="look-at-a-stack" tags=["demo"]
import inspect


def make_tea(sugar):
    return [frame.function for frame in inspect.stack()[:3]]

def morning():
    lumps = 2
    return make_tea(sugar=lumps)

morning()

# %% id="predict-generator" tags=["predict"]
from labkit.course import predict, reveal


def tea():
    print("tea: water on")
    yield
    print("tea: pour")

predict("which-first", "The next cell makes t = tea(), prints hello, and calls next(t). Which line comes out first?",
        ["tea: water on", "hello", "tea: pour"])

# %% id="run-generator" tags=["demo"]
t = tea()
print("hello")
next(t)
reveal("which-first", "hello", because="tea() runs nothing yet. It gives a paused frame; next() lets it run to its next yield.")

# %% [markdown] id="what-yield-keeps"
# ## A scheduler in nine lines
#
# `yield` means: set me aside here. The frame stays, with its variables and its place in the code, until somebody calls `next`
# again. When the function ends, `next` raises `StopIteration`: nothing is left to run.
#
# What can be set aside can take turns. All we need is a list of those who
# could run, and somebody who takes the first one from it. The list is called the **run queue**. Here is all of it:

# %% id="smallest-scheduler" tags=["demo"]
from collections import deque


def take_turns(*threads):
    runq = deque(threads)
    while runq:
        thread = runq.popleft()         # the first in the queue
        try:
            next(thread)                # runs until it yields
            runq.append(thread)         # and goes to the end of the queue
        except StopIteration:
            pass                        # it has ended: it does not come back

# %% id="two-cooks" tags=["demo", "predict"]
def cook(name, steps):
    for step in range(1, steps + 1):
        print(name, step)
        yield

take_turns(cook("soup", 2), cook("rice", 3))
predict("lifo", "Now somebody writes pop() for popleft(): the last in the queue goes next. What comes out?",
        ["soup and rice in turn, rice first", "all of rice, then all of soup", "all of soup, then all of rice"])

# %% id="break-the-queue" tags=["break-it"]
def take_turns_broken(*threads):
    runq = deque(threads)
    while runq:
        thread = runq.pop()             # BUG (on purpose): takes the one that was put back just now
        try:
            next(thread)
            runq.append(thread)
        except StopIteration:
            pass

take_turns_broken(cook("soup", 2), cook("rice", 3))
reveal("lifo", "all of rice, then all of soup", because="Who yields is put back last and taken first: it yields to itself.")

# %% id="yield-in-a-helper" tags=["break-it"]
# Somebody moves the yield into a helper, as one does with code that is needed often. Do the cooks take turns?
def rest():
    yield                               # makes rest() a generator, not cook_neatly()

def cook_neatly(name, steps):
    for step in range(1, steps + 1):
        print(name, step)
        rest()                          # BUG (on purpose): makes a paused frame and throws it away

cook_neatly("soup", 2)
cook_neatly("rice", 3)

# %% [markdown] id="a-pile-of-its-own"
# ## A pile of its own
#
# They never pause. A generator sets **one** frame aside, not a pile: for a helper to wait, all its callers would have to be
# generators (`async def` has the same rule). We want a thing with a whole stack of its own, which may pause however deep
# in calls it is: a **thread**. labkit makes one from an ordinary function:
#
# - `spawn(fn, ...)` creates a thread, which goes to the end of the run queue;
# - `sched_yield()` lets the others go first: back to the end of the queue;
# - `thread.join()` waits until the thread has ended and gives what its function returned.
#
# `run(main)` runs the first thread, `main`, and all that it spawns.

# %% id="first-threads" tags=["demo"]
from labkit import burn, now, run, sched_yield, sleep, spawn


def cook(name, steps):
    for step in range(1, steps + 1):
        print(name, step)
        rest()
    return f"{name} is done"

def rest():
    sched_yield()                       # an ordinary call, and it pauses the whole pile

def main():
    soup, rice = spawn(cook, "soup", 2, name="soup"), spawn(cook, "rice", 3, name="rice")
    return soup.join(), rice.join()

first = run(main)

# %% [markdown] id="look-at-the-queue"
# Now look inside. The stepper shows the run queue after each event; move through it with its buttons or the arrow keys.
# Stop at step 4, where `main` calls `join`. It leaves the run queue, because it waits for something: it is **blocked**. At which
# step does it come back, and what brought it back?
#
# The timeline is the same run, lying down: a row for each thread, filled where it runs. No two rows are filled in the same
# column: there is one processor, and it goes from hand to hand. Each change is a **context switch**; the letters below say why it
# happened.

# %% id="runqueue-and-timeline" tags=["demo"]
from IPython.display import display

display(first.runqueue())
first.timeline()

# %% [markdown] id="claim-a6"
# ## What people say: A6
#
# > "A cooperative thread runs until it yields."
#
# If that is true, a thread that never yields is never interrupted, however many others wait. `greedy` counts to 100,000
# and does not yield. `modest` was spawned right after it and only wants to see how far the count is.

# %% id="predict-greedy" tags=["predict"]
def greedy():
    global count
    count = 0
    while count < 100_000:
        count += 1

def modest():
    return count

predict("greedy", "How far has greedy counted when modest runs?", ["to 0", "somewhere on its way", "to 100000"])

# %% id="claim-a6-run" tags=["demo"]
def main():
    spawn(greedy, name="greedy")
    return spawn(modest, name="modest").join()

seen = run(main).result
reveal("greedy", f"to {seen}", because="A6 is TRUE: nobody takes the processor from a cooperative thread. It has to give it.")

# %% [markdown] id="claim-a8"
# ## What people say: A8
#
# > "The program has total control over its threads. Games use that."
#
# Who runs next is decided by the **policy**, which is ordinary code. labkit's usual one here is `fifo`: the first in the queue.
# With `Human` you give a function of your own. It is asked at every scheduling point, is given the names that can run and the
# name of the one that runs now, and answers with a name.
#
# Ours wants the soup first. Run it, then change it to want the rice. What was decided is kept in `.schedule`;
# `soup*3` means three times `soup`.

# %% id="claim-a8-run" tags=["demo"]
from labkit.policies import Human


def soup_first(names, current):
    return "soup" if "soup" in names else names[0]

def stir(times):
    for _ in range(times):
        sched_yield()

def dinner():
    for thread in [spawn(stir, 2, name="soup"), spawn(stir, 3, name="rice")]:
        thread.join()

once, again = run(dinner, policy=Human(soup_first)), run(dinner, policy=Human(soup_first))
print(once.schedule, "| twice the same:", once.schedule == again.schedule)

# %% [markdown] id="claim-a7"
# A8 is TRUE, at a price: who has total control must do everything. If one figure thinks too long, the picture stands still.
#
# ## What a switch must keep: A7
#
# > "Switching works as with SIGALRM: save the registers, load the other thread's."
#
# Registers are the few values inside the processor. Our threads switch by a *function call*, and a call promises (System V ABI,
# x86-64) to keep only `rbx`, `rbp`, `r12` to `r15`, the stack pointer `rsp` and two floating-point settings; the compiler
# expects no more. A timer may strike between any two instructions: there **all** must be saved (lesson 4). See what greenlet
# saves, the library that switches for labkit:

# %% id="claim-a7-run" tags=["demo"]
import pathlib

import greenlet

file = pathlib.Path(greenlet.__file__).parent / "platform" / "switch_amd64_unix.h"
lines = file.read_text().splitlines()
print(next(line for line in lines if "define REGS_TO_SAVE" in line))
print([line.split('"')[1] for line in lines if '"=m"' in line or '"=g"' in line])

# %% [markdown] id="sleep-and-clock"
# Just that list: four named to the compiler, the others read out (`fstcw` and `stmxcsr` are the floating-point settings). A7 is
# PARTLY true: both ways save registers, but a switch by choice needs only a handful. (The pile is kept too; greenlet copies
# its part aside.)
#
# ## Sleeping without wasting time
#
# `sleep(3)` means: I have no use for the processor for 3 seconds. The thread is blocked until its time has come. If all are
# asleep, nothing can happen before the first of them wakes.
#
# So our clock is **virtual**: when nobody can run, it jumps. Each scheduling point costs one millionth of a second (1 µs); a
# sleep costs no real time at all. `now()` reads that clock.

# %% id="predict-naps" tags=["predict"]
def nap(seconds):
    sleep(seconds)
    print(f"slept {seconds} s; the clock says {now():.6f}")

def three_naps():
    for thread in [spawn(nap, 3), spawn(nap, 1), spawn(nap, 2)]:
        thread.join()

predict("naps", "Three threads sleep 3, 1 and 2 seconds. What does the clock say when all are awake?",
        ["0 s", "about 3 s", "about 6 s"])

# %% id="run-naps" tags=["demo"]
naps = run(three_naps)
reveal("naps", "about 3 s", because="They sleep at the same time. A sleeper needs no processor, so any number can sleep at once.")
naps.timeline(axis="time")

# %% [markdown] id="exceptions-travel"
# ## When a thread fails
#
# An exception runs down the pile of calls until somebody catches it. A thread has a pile of its own, and at its bottom
# there is nobody. Where should the exception go?
#
# To the one who waits for the result: `join` raises it. Whoever wants the value must also hear that there is none. And if
# nobody joins? Then `run` raises it, with a note that names the thread, so that no failure passes in silence.

# %% id="join-raises" tags=["demo"]
def shop():
    raise ValueError("no milk")

def main():
    try:
        return spawn(shop, name="shop").join()
    except ValueError as error:
        return f"main heard: {error}"

run(main).result

# %% [markdown] id="claim-a9"
# ## What people say: A9
#
# > "With cooperative threads you need not care much about thread safety."
#
# There is something in it. Between two scheduling points nobody else runs, so `n = n + 1` is always whole. But look at Ann and
# Bob: each reads how many coins are in the jar, then lets the other go first, and then writes that number plus one.

# %% id="predict-coins" tags=["predict"]
def put_in(jar):
    coins = jar["coins"]                # read
    sched_yield()                       # "after you"
    jar["coins"] = coins + 1            # write

def coins_after(put_in):
    jar = {"coins": 0}
    for thread in [spawn(put_in, jar, name=name) for name in ("Ann", "Bob")]:
        thread.join()
    return jar["coins"]

predict("coins", "The jar is empty; Ann puts in one coin, Bob puts in one. What does the jar say?", ["0", "1", "2"])

# %% id="claim-a9-run" tags=["break-it"]
lost = run(lambda: coins_after(put_in))
reveal("coins", str(lost.result), because="Both read 0, both wrote 1. The second write wiped out the first: a lost update.")
lost.timeline()

# %% [markdown] id="claim-a9-verdict"
# A9 is PARTLY true. It holds where no scheduling point lies between what you read and what you do because of it. Across a
# yield it fails, and the yield may be hidden in any function that you call.
#
# The cure is a **lock**. A `Mutex` admits one thread at a time: `with lock:` waits until it is free, holds it for the
# indented lines, and gives it back, also when they fail. It must cover the read *and* the write.

# %% id="fix-with-a-lock" tags=["demo"]
from labkit import Mutex

lock = Mutex("jar lock")

def put_in_locked(jar):
    with lock:
        coins = jar["coins"]
        sched_yield()
        jar["coins"] = coins + 1

kept = run(lambda: coins_after(put_in_locked))
print("coins:", kept.result)
kept.timeline()

# %% id="a-test-that-proves-little" tags=["demo"]
# How could this pass and be wrong? We test the BROKEN put_in under a polite policy: who can go on, goes on.
def stay(names, current):
    return current if current in names else names[0]

print("test passed:", run(lambda: coins_after(put_in), policy=Human(stay)).result == 2)

# %% [markdown] id="deadlock"
# The test passes, and the program is still broken. One good run shows that *one* schedule is good.
#
# ## Everybody waits: deadlock
#
# Ann takes the pen and then wants the paper. Bob takes the paper and then wants the pen. Each holds what the other needs, and
# neither lets go: a **deadlock**. How many threads will be blocked? (Think of `main`.)
#
# labkit knows every thread and every lock. When the run queue is empty and nobody sleeps, nothing can ever happen
# again, and it says so; most programs just stand still. Read its message from the bottom: the cycle is the deadlock, and
# `main` only suffers from it.

# %% id="deadlock-run" tags=["break-it", "raises-exception"]
pen, paper = Mutex("pen"), Mutex("paper")

def write(first, second):
    with first:
        sched_yield()
        with second:
            return "a letter"

def both(orders):
    return [thread.join() for thread in [spawn(write, *order, name=name) for name, order in orders.items()]]

run(lambda: both({"Ann": (pen, paper), "Bob": (paper, pen)}))    # BUG (on purpose): two orders

# %% id="fix-the-order" tags=["demo"]
# The cure: all take the locks in the same order. Then a cycle cannot close.
run(lambda: both({"Ann": (pen, paper), "Bob": (pen, paper)})).result

# %% [markdown] id="claim-a10"
# ## What people say: A10
#
# > "Only one thread runs at a time, so cooperative threads are uncommon."
#
# The first half first. `heart` wants to beat every 10 ms. `hog` works for half a second and does not yield. (`burn(0.5)` stands
# for a computation: it uses the processor for that long, on the virtual clock.) Watch the **largest gap** between two beats.

# %% id="predict-gap" tags=["predict"]
from itertools import pairwise


def beat(times):
    for _ in range(6):
        times.append(now())
        sleep(0.010)

def main_with(work):
    times = []
    for thread in [spawn(beat, times, name="heart"), spawn(work, name="hog")]:
        thread.join()
    return max(round((after - before) * 1000) for before, after in pairwise(times))

predict("gap", "heart sleeps 10 ms between beats; hog computes for 500 ms. The largest gap is about",
        ["10 ms", "50 ms", "500 ms"])

# %% id="claim-a10-run" tags=["break-it"]
def hog():
    burn(0.500)                         # BUG (on purpose): half a second without a scheduling point

stopped = run(lambda: main_with(hog))
reveal("gap", f"{stopped.result} ms", because="Nobody looked at the clock before hog was done: one stops all.")
stopped.timeline(axis="time")

# %% [markdown] id="gap-and-blocking-calls"
# The picture even shows `heart` as blocked all that time. It should have woken after 10 ms, but to wake somebody is work
# too, and hog had the processor. Three experiments follow:
#
# 1. The cure: cut the work into pieces and yield between them.
# 2. A **blocking call**, such as `time.sleep` or a read from a slow disk, makes the operating system put our *whole* process to
#    sleep: it knows of one thread only. Two threads wait 0.2 s each, by the real clock.
# 3. A hog that never ends. Nothing can stop it, but labkit keeps a **watchdog**: a timer that looks whether a scheduling point
#    was reached. It names the thread and the line.

# %% id="work-in-pieces" tags=["demo"]
def polite():
    for _ in range(100):
        burn(0.005)
        sched_yield()

run(lambda: main_with(polite)).result   # ms: 10 of sleep, and a piece of 5 to wait for

# %% id="one-blocking-call" tags=["break-it", "varies"]
import time


def two_wait(wait):
    for thread in [spawn(wait, 0.2), spawn(wait, 0.2)]:
        thread.join()
    return f"{now():.2f} s"

print("time.sleep: ", run(lambda: two_wait(time.sleep), clock="real").result)
print("labkit.sleep:", run(lambda: two_wait(sleep), clock="real").result)

# %% id="watchdog" tags=["break-it", "raises-exception"]
from labkit.machines import Cooperative


def endless():
    n = 0
    while True:
        n += 1

run(lambda: spawn(endless, name="hog").join(), machine=Cooperative(watchdog_s=0.5))

# %% [markdown] id="claim-a10-verdict"
# A10 is PARTLY true, and its end OUTDATED. "One at a time" holds where many threads share one OS thread (N:1). "Uncommon" does
# not: Python's own `asyncio` switches only at `await`; Go and Java (virtual threads, JEP 444) run many light threads on a few
# OS threads.
#
# ## How many fit?
#
# A thread here is a small pile in memory and a place in a queue; the operating system hears nothing of it. Let ten
# thousand guests come to a party: each comes in, yields once, and leaves, so that all are there before the first one goes. How
# often does the processor change hands: about 10,000, 20,000 or 30,000 times? `trace.summary()` counts the switches by cause.

# %% id="ten-thousand" tags=["demo"]
def guest():
    sched_yield()                       # come in, let all others come in, leave
    return 1

def main():
    guests = [spawn(guest) for _ in range(10_000)]
    return sum(thread.join() for thread in guests)

party = run(main)
party.result, dict(sorted(party.trace.summary().switches.items()))

# %% [markdown] id="to-keep"
# Each guest yields once and ends once: two switches a thread, and three more for `main`.
#
# ## To keep
#
# - A thread is a flow of control with a pile of its own; a scheduler is a queue of those that can run and a rule who is next.
# - A cooperative thread runs until it yields, blocks or ends, so between two scheduling points you are alone, and across one
#   you are not.
# - One thread that does not give the processor back stops all the others.
#
# Now write it yourself: the [exercises of lesson 3](../exercises/03_cooperative.ipynb). Then go on to
# [lesson 4, where a timer takes the processor by force](04_preemption.ipynb). All words are in the
# [glossary](../GLOSSARY.md).
