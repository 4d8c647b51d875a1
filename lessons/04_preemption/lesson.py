# %% [markdown] id="title"
# # 4 · Preemption in userland
#
# In lesson 3 every thread gave up the processor by choice. Now we take it away.
#
# After this you can …
#
# - set a timer and write the handler that its signal calls;
# - say what is saved when a thread is stopped in the middle of a line, and who saves it;
# - make a few lines uninterruptible, with a guard that nests or with a lock, and say when each is right;
# - name three things that a signal handler must not do, and why.
#
# Outputs marked *varies* come from a real clock: yours will differ. All others repeat exactly.

# %% id="imports"
import signal
import threading
import time

from labkit import Atomic, Mutex, no_preempt, run, spawn
from labkit.course import predict, reveal
from labkit.machines import Cooperative

# %% [markdown] id="the-hog-again"
# ## The hog that no yield can save
#
# You know the hog from lesson 3. It could be tamed: put a `sched_yield()` into its loop. But suppose that you did not
# write it. It sits in a library, or it is a bug, and it never yields.
#
# Here the hog waits for a bell, and the bell waits for the processor.


# %% id="hog-and-bell"
def main():
    rung = []

    def hog():
        while not rung:
            pass
        return "the hog heard it"

    def bell():
        rung.append(True)
        return "the bell rang"

    threads = [spawn(hog, name="hog"), spawn(bell, name="bell")]
    return [thread.join() for thread in threads]


# %% id="predict-the-hog" tags=["predict"]
predict(
    "hog-alone",
    "The hog is spawned first. What does the cooperative machine do with this program?",
    ["both finish", "the bell never runs, and the hog spins for ever", "labkit skips the hog"],
)

# %% id="the-hog-wins" tags=["break-it", "raises-exception"]
run(main, machine=Cooperative(watchdog_s=0.5))

# %% id="reveal-the-hog"
reveal("hog-alone", "B", because="Nobody can take the processor from the hog. Only labkit's watchdog ended the run, for us.")

# %% [markdown] id="somebody-outside"
# Somebody must interrupt the hog, and it cannot be one of our threads: none of them is running. It must come from outside
# the program. The operating system has such a somebody: an **interval timer**, setitimer(2). When the time is up, the
# kernel sends the process a **signal**, SIGALRM. A signal stops the program wherever it is and calls a function that you
# named before: the **handler**.
#
# Let us see that with plain Python first, no labkit.

# %% id="predict-one-tick" tags=["predict"]
predict(
    "where-the-tick-lands",
    "The timer fires once, after 20 ms. spin() only loops. Where is the program when the handler is called?",
    ["at the end of spin()", "inside spin(), in the middle of the loop", "back in the cell, after spin()"],
)

# %% id="one-tick" tags=["demo"]
landed = []


def on_tick(signum, frame):
    landed.append(frame.f_code.co_name)


def spin():
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    while not landed:
        pass


old_handler = signal.signal(signal.SIGALRM, on_tick)
spin()
signal.signal(signal.SIGALRM, old_handler)
print("stopped in:", landed)
reveal("where-the-tick-lands", "B", because="The loop never calls on_tick, yet it ran, between two steps of the loop.")

# %% [markdown] id="say-what-a-handler-is"
# Look closely at what happened. `spin()` contains no call of `on_tick`. Nobody called it: the loop was simply stopped, the
# handler ran on top of it, and then the loop went on as if nothing had been. `frame` is where it was stopped.
#
# We put the old handler back: without a handler, SIGALRM ends the process.
#
# This timer was set once, so it fired once. With a third number it fires again and again: setitimer(which, first, interval).

# %% id="many-ticks" tags=["demo"]
landed.clear()
old_handler = signal.signal(signal.SIGALRM, on_tick)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
while len(landed) < 5:
    pass
signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal(signal.SIGALRM, old_handler)
print("at least five ticks:", len(landed) >= 5)

# %% [markdown] id="a-switch-in-the-handler"
# ## A switch in the handler
#
# Now the step that makes threads of it. In the handler, do not return to the hog. Put the hog at the end of the run queue
# and **switch to the next thread**. The hog is left lying in the middle of its loop, with the handler on top. One day
# somebody switches back to it; the handler returns, and the hog goes on.
#
# This is called **preemption**. How long a thread may run before it, is its **timeslice**. Same program, other machine:

# %% id="the-hog-preempted" tags=["demo"]
rescued = run(main, machine="preemptive", timeslice_ms=2)
print(rescued.result)
print("switched by force:", rescued.trace.summary().switches["preempt"] > 0)

# %% id="the-hog-timeline" tags=["demo", "varies"]
rescued.timeline()

# %% [markdown] id="read-the-handler"
# Find the letter `p`: there the hog was preempted, and the bell rang at last. (No picture? Run the cell: it *varies*.)
#
# Without the book-keeping, labkit's handler says this (the real one is `_tick` in `labkit/machines/preemptive.py`):
#
# ```python
# def tick(signum, frame):
#     if depth > 0:              # the machine itself, or a guard, must not be torn apart now
#         pending = True         # note the tick; it is delivered later
#     elif policy.tick(current): # "shall this thread lose the processor?"
#         runq.append(current)
#         switch_to(runq.popleft())
# ```
#
# The last line comes back much later: when somebody switches to *this* thread again.

# %% [markdown] id="claim-a2"
# ## What is saved
#
# > **Claim A2.** "Userland threads used SIGALRM; the handler saves the registers and restores those of another thread."
# > **Verdict: true**, and it saves more.
#
# Before the handler runs, the kernel writes a **signal frame** on the stack: the program counter, the registers with the
# floating-point ones, and the **signal mask** (signal(7), "Execution of signal handlers"). rt_sigreturn(2) puts all back.
# Recorded on Debian 12, x86-64: `LD_SHOW_AUXV=1 /bin/true` says that a frame may need 3,376 bytes. Sixteen ordinary
# registers are 128 of them; the floating-point and vector registers are most of the rest.
# The run: two threads add up numbers and do nothing to save their sums.


# %% id="nothing-is-lost" tags=["demo"]
def two_sums():
    def add_up():
        total = 0
        for number in range(300_000):
            total += number
        return total

    return [thread.join() for thread in [spawn(add_up), spawn(add_up)]]


torn = run(two_sums, machine="preemptive", timeslice_ms=1)
print("preempted:", torn.trace.summary().switches["preempt"] > 0)
print("both sums right:", torn.result == [sum(range(300_000))] * 2)

# %% [markdown] id="claim-a7"
# > **Claim A7.** "A voluntary switch works just like the one by SIGALRM."
# > **Verdict: partly.**
#
# A voluntary switch is a function call, and the compiler expects a call to destroy most registers. So only those that
# a called function must keep are saved: on x86-64 rbx, rbp, r12 to r15, the stack pointer, and two small control words
# (read in greenlet 3.5, `platform/switch_amd64_unix.h`). A tick falls between *any* two instructions. Nothing is
# expected to change there, so *everything* must be saved.
#
# One honest detail: CPython's C handler only sets a flag and returns. Our Python handler runs a moment later, between two
# bytecodes, and there labkit makes a voluntary switch. The log in exercise 4d shows it.

# %% [markdown] id="exact-ticks"
# ## Ticks that repeat
#
# A real clock never ticks twice at the same place. To study switches we want them to repeat. So the machine has an exact
# form: `timeslice_points=3` fires a tick after every 3 **scheduling points**. Each operation of an `Atomic` is one; so are
# `spawn` and `join`. The tick comes just before the third. No signal, no clock, the same run every time.
#
# Two threads each do three rounds of "read the box, write it back plus one".


# %% id="counter-program"
def count_to_six():
    box = Atomic(0, name="box")

    def add():
        for _ in range(3):
            seen = box.load()
            box.store(seen + 1)

    for thread in [spawn(add, name="A"), spawn(add, name="B")]:
        thread.join()
    return box.load()


# %% id="predict-lost-update" tags=["predict"]
predict(
    "six-or-less",
    "Two threads add 1 three times each, with a tick after every 3 scheduling points. What is in the box?",
    ["6", "5", "3"],
)

# %% id="lost-update" tags=["break-it"]
raced = run(count_to_six, machine="preemptive", timeslice_points=3)
print("in the box:", raced.result)
reveal("six-or-less", str(raced.result), because="A tick fell between a read and its write.")
raced.timeline()

# %% [markdown] id="say-why-lost"
# This is the **lost update**. A reads, say, 1. The tick comes. B reads 1 too, writes 2. Then A goes on, with the old value in
# its hands, and writes 2 over B's 2. Two additions, one result.
#
# In lesson 3 this needed a `sched_yield()` between the read and the write, and you could see it in the code. Now it needs
# nothing. Any two lines may have a switch between them. That is the price of saving us from the hog.

# %% id="predict-other-slices" tags=["predict"]
predict(
    "which-slices-pass",
    "Now with timeslices of 1, 2, 3 … 8 points. For which does the wrong program give the right answer, 6?",
    ["for none", "only for long ones, where no tick comes at all", "for long ones, and for some short ones too"],
)

# %% id="tick-table" tags=["demo"]
print("points  in the box  switches  by force  longest wait (µs)")
for points in (1, 2, 3, 4, 5, 6, 7, 8):
    r = run(count_to_six, machine="preemptive", timeslice_points=points)
    switches = r.trace.summary().switches
    waits = [s.end_ns - s.start_ns for s in r.trace.spans() if s.state == "RUNNABLE"]
    print(f"{points:6}  {r.result:10}  {switches.total():8}  {switches['preempt']:8}  {max(waits) / 1000:17.0f}")
reveal("which-slices-pass", "C", because="With 5 points both ticks fell at harmless places.")

# %% [markdown] id="pass-and-wrong"
# **How could this pass and be wrong?** You have just seen it. With 5 points the program is preempted, gives 6, and is still
# wrong. A test that runs it once, with one timeslice, says "fine". This is why races survive testing.
#
# The table also shows what a timeslice costs. A short one means many switches. A long one means a long wait for whoever is
# in the queue. Every scheduler lives with this trade.

# %% [markdown] id="critical-section"
# ## A guard: hold the tick
#
# The read and its write belong together. Lines that must not be torn apart are a **critical section**. `no_preempt` holds
# every tick off while we are inside. A tick that comes meanwhile is *noted*, and delivered when we leave.
#
# In the Linux kernel the same thing is called `preempt_disable()`.


# %% id="guarded-counter"
def count_guarded():
    box = Atomic(0, name="box")

    def add():
        for _ in range(3):
            with no_preempt:
                seen = box.load()
                box.store(seen + 1)

    for thread in [spawn(add, name="A"), spawn(add, name="B")]:
        thread.join()
    return box.load()


[run(count_guarded, machine="preemptive", timeslice_points=points).result for points in range(1, 9)]

# %% [markdown] id="a-guard-nests"
# A guard must **nest**. Inside your critical section you call a function that has one of its own. When *it* leaves, you are
# still inside. So the guard is a count, not a switch with on and off: +1 on entry, −1 on exit, ticks only at zero.
# You will write one in exercise 4b.
#
# The signal mask is the same idea, one floor lower: the operating system holds the signal back. Here it is with SIGALRM,
# sent by hand (`raise_signal`) so that the run repeats.

# %% id="predict-masked" tags=["predict"]
predict(
    "three-held-ticks",
    "SIGALRM is masked; three come; then the mask is taken away. How often does the handler run?",
    ["0", "1", "3"],
)

# %% id="masked-ticks" tags=["demo"]
ticks = []
old_handler = signal.signal(signal.SIGALRM, lambda signum, frame: ticks.append("tick"))
old_mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
for _ in range(3):
    signal.raise_signal(signal.SIGALRM)
print("inside: ", ticks, "and pending:", signal.SIGALRM in signal.sigpending())
signal.pthread_sigmask(signal.SIG_SETMASK, old_mask)
signal.signal(signal.SIGALRM, old_handler)
print("outside:", ticks)
reveal("three-held-ticks", str(len(ticks)), because="A signal is noted, not counted: signal(7).")

# %% [markdown] id="handler-rules"
# ## What a handler must not do
#
# The handler runs in the middle of *anything*. Say money is on its way from one pocket to the other, and the tick comes just
# then. The handler looks at both.

# %% id="half-done" tags=["break-it"]
pockets = {"left": 10, "right": 0}
totals = []
old_handler = signal.signal(signal.SIGALRM, lambda signum, frame: totals.append(pockets["left"] + pockets["right"]))
pockets["left"] -= 4
signal.raise_signal(signal.SIGALRM)  # the unlucky tick
pockets["right"] += 4
signal.signal(signal.SIGALRM, old_handler)
print("the handler saw:", totals, " in truth:", pockets["left"] + pockets["right"])

# %% id="handler-wants-the-lock" tags=["break-it"]
door = threading.Lock()
got = []
old_handler = signal.signal(signal.SIGALRM, lambda signum, frame: got.append(door.acquire(blocking=False)))
with door:
    signal.raise_signal(signal.SIGALRM)
signal.signal(signal.SIGALRM, old_handler)
print("the handler got the lock:", got)

# %% [markdown] id="async-signal-safe"
# Had the handler *waited* for the lock, it would wait for ever: the holder lies underneath and cannot go on before the handler
# returns. `printf` has a lock and a half-changed buffer of its own inside. So three rules:
#
# 1. touch no data that the interrupted code may have half changed;
# 2. take no lock that it may hold;
# 3. call only what is **async-signal-safe**: the list is in signal-safety(7). `printf` is not on it.
#
# CPython softens rule 3: it calls Python handlers between bytecodes, in the main thread only (docs, module `signal`). Rules 1
# and 2 stay. And there is a new catch.

# %% id="long-c-call" tags=["demo"]
ticks = []
old_handler = signal.signal(signal.SIGALRM, lambda signum, frame: ticks.append("tick"))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
total = sum(range(5_000_000))  # one bytecode, many milliseconds of C
signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal(signal.SIGALRM, old_handler)
print("a timer of 1 ms, and fewer than 10 ticks seen:", len(ticks) < 10)

# %% [markdown] id="claim-a4"
# ## Two claims about price and fashion
#
# > **Claim A4.** "Userland threads are faster, since you need not go into kernel mode."
# > **Verdict: wrong for SIGALRM, partly true for cooperative ones.**
#
# Recorded with strace 6.1 on Debian 12, x86-64, Python 3.11.7, greenlet 3.5:
#
# | one switch by | kernel entries |
# |---|---|
# | greenlet (200,000 switches) | 0 |
# | swapcontext(3), by choice | 1: rt_sigprocmask |
# | SIGALRM and swapcontext, in C | 3: delivery, rt_sigprocmask, rt_sigreturn |
# | labkit, preemptive | 2: delivery, rt_sigreturn |
#
# A timer lives in the kernel, so a tick cannot avoid it. In exercise 4d you count these yourself.

# %% [markdown] id="claim-a5"
# > **Claim A5.** "This way of making threads has faded away."
# > **Verdict: outdated.**
#
# Go preempts its goroutines with a signal since version 1.14 (golang/go, issue 36365). It chose SIGURG:
# `const sigPreempt = _SIGURG`. The comment above that line calls SIGALRM a bad choice, because a handler cannot tell whether
# the program's own alarm sent it. (Read in Go's `src/runtime/signal_unix.go`, not run here.)
#
# The weak point is ours as well: while labkit preempts, your program cannot use SIGALRM for itself.

# %% [markdown] id="fifo-or-round-robin"
# ## Who may be preempted?
#
# A tick is only a question: "shall this thread lose the processor?" The policy answers. `round_robin` says yes, as
# SCHED_RR. `fifo` says no, as SCHED_FIFO: "a simple scheduling algorithm without time slicing" (sched(7)). Same program,
# same ticks:

# %% id="fifo-ignores-ticks" tags=["demo"]
for policy in ("fifo", "round_robin"):
    r = run(count_to_six, machine="preemptive", policy=policy, timeslice_points=3)
    print(f"{policy:11}  ticks {len(r.trace.of('timer'))}  by force {r.trace.summary().switches['preempt']}  box {r.result}")

# %% id="cpu-time" tags=["demo"]
fired = []  # two timers of 50 ms, a nap of 100 ms each: which one fires?
for which, signum in ((signal.ITIMER_REAL, signal.SIGALRM), (signal.ITIMER_VIRTUAL, signal.SIGVTALRM)):
    old_handler = signal.signal(signum, lambda signum, frame: fired.append(signal.Signals(signum).name))
    signal.setitimer(which, 0.05)
    time.sleep(0.1)
    signal.setitimer(which, 0)
    signal.signal(signum, old_handler)
fired

# %% [markdown] id="say-cpu-time"
# Two timers, one signal. ITIMER_REAL counts time on the wall. ITIMER_VIRTUAL counts only the
# processor time that the process uses, and a sleeping process uses none (setitimer(2)). For fair timeslices the second is
# better: `run(main, machine=Preemptive(timer="virtual"))`.
#
# ## A lock instead of the guard
#
# `no_preempt` stops *every* other thread, also those that never touch the box. A **lock** stops only who wants the box too.


# %% id="locked-counter"
def count_locked():
    box, lock = Atomic(0, name="box"), Mutex("box")

    def add():
        for _ in range(3):
            with lock:
                seen = box.load()
                box.store(seen + 1)

    for thread in [spawn(add, name="A"), spawn(add, name="B")]:
        thread.join()
    return box.load()


print([run(count_locked, machine="preemptive", timeslice_points=points).result for points in range(1, 9)])
run(count_locked, machine="preemptive", timeslice_points=3).timeline()

# %% [markdown] id="keep-this"
# Find a `p` while the lock is held: ticks still come, and do no harm. Use the guard for a few lines that never wait, the lock
# for the rest.
#
# ## Keep this
#
# 1. A timer's signal takes the processor from a thread between any two instructions; the signal frame holds all that it needs
#    to go on.
# 2. What belongs together must be guarded, by a count that nests or by a lock; a run that went well proves nothing.
# 3. A switch by signal enters the kernel two or three times; a switch by choice need not enter it at all.
#
# [Exercises 4](../exercises/04_preemption.ipynb). Next: [5 · One thread, one pthread](05_pthreads.ipynb). Words:
# [glossary](../GLOSSARY.md).
