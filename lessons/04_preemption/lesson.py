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
# - name three things that a signal handler must not do;
# - count what a switch costs.
#
# Outputs marked *varies* come from a real clock: yours will differ. All others repeat exactly.

# %% id="imports"
import signal
import threading

from labkit import Atomic, Mutex, native, no_preempt, run, spawn
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
# ITIMER_REAL counts time on the wall; ITIMER_VIRTUAL only the time in which the process computes, and a sleeping one does not.

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
# The last line comes back much later: when somebody switches to *this* thread again. And a tick is only a question, which the
# policy answers: `round_robin` says yes, as SCHED_RR; `fifo` says no, as SCHED_FIFO: "without time slicing" (sched(7)).

# %% [markdown] id="claim-a2"
# ## What is saved
#
# > **Claim A2.** "Userland threads used SIGALRM; the handler saves the registers and restores those of another thread."
#
# Python hides its registers. So here are hog and bell in C, on threads of our own: N:1, a run queue, a stack for each, a timer
# and a handler that switches. `uthread_create` is `spawn`, `uthread_join` is `join`. All of it stands in
# `labkit/native/uthread.c`: 400 lines, to be read in one sitting. `%%cthreads` compiles the cell and runs it in a process of
# its own; the run is in `in_c`, with the registers of every thread at the moment when it left the processor.

# %% id="hog-in-c" tags=["demo", "needs-cc"] language="cthreads" magic_args="in_c --machine uthread-preemptive --show none"
# #include "uthread.h"
#
# static volatile int rung;
# static void *hog(void *arg) { while (!rung) {} return 0; }
# static void *bell(void *arg) { rung = 1; return 0; }
#
# int main(void) {
#     uthread_t a = uthread_create("hog", hog, 0), b = uthread_create("bell", bell, 0);
#     uthread_join(a), uthread_join(b);
# }

# %% id="predict-what-is-saved" tags=["predict"]
predict(
    "what-is-saved",
    "main gave up the processor by a call, uthread_join. The hog lost it by SIGALRM. Of whom were more registers saved?",
    ["of main", "of the hog", "of both the same"],
)

# %% id="what-is-saved" tags=["demo"]
by_choice = next(s for s in in_c.switches if s.thread == "main" and s.cause == "block")
by_force = next(s for s in in_c.switches if s.thread == "hog" and s.cause == "preempt")
more = [name for name in by_force.registers if name not in by_choice.registers]
print("main, by choice: ", *by_choice.registers)
print("hog, by SIGALRM:  all these, and", *more)
print("main was in", by_choice.where, " the hog in", by_force.where)
reveal("what-is-saved", "B" if more else "C", because="It was stopped in its loop, and could not prepare.")
# The values are there too, and differ on every machine: look at by_force.registers

# %% [markdown] id="claim-a7"
# **Verdict on A2: true**, and more is saved. Before the handler runs, the kernel writes a **signal frame** on the hog's stack:
# every register, and the **signal mask** (signal(7), "Execution of signal handlers"). One day the handler returns, and
# rt_sigreturn(2) puts all back. Our handler copies nothing: it goes to another *stack*.
#
# > **Claim A7.** "A voluntary switch works just like the one by SIGALRM."
# > **Verdict: partly.**
#
# A switch by choice is a call, and a compiler expects a call to destroy most registers: only those are saved that a called
# function must give back (System V ABI, x86-64, 3.2.1). A tick falls between *any* two instructions, where nothing may change:
# *everything* is saved.

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
# **How could this pass and be wrong?** With 5 points the program is preempted, gives 6, and is still wrong. A test that runs it
# once, with one timeslice, says "fine": this is why races survive testing. And see what a timeslice costs: a short one means many
# switches, a long one a long wait for whoever is in the queue. Every scheduler lives with this trade.
#
# ## A guard: hold the tick
#
# Lines that must not be torn apart are a **critical section**. `no_preempt` holds every tick off while we are inside; one that
# comes meanwhile is *noted*, and delivered when we leave. (Linux: `preempt_disable()`.)

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

# %% id="locked-counter"
def count_locked():  # no_preempt stops every other thread; a lock stops only who wants the box too
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

# %% [markdown] id="a-guard-nests"
# Find a `p` while the lock is held: ticks still come, and do no harm. Use the guard for a few lines that never wait, the lock
# for the rest.
#
# A guard must **nest**. Inside your critical section you call a function that has one of its own. When *it* leaves, you are
# still inside. So the guard is a count, not a switch with on and off: +1 on entry, −1 on exit, ticks only at zero (exercise 4b).
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

# %% [markdown] id="what-a-switch-costs"
# ## What a switch costs
#
# A and B run a relay, 100 rounds each: who has not the baton waits for it. With `polite` set they wait by `uthread_yield`, else
# they spin until a tick takes the processor away. So one program makes 198 switches by choice, or at least as many by force.
#
# Each way we take twice: with the switch in assembly, about 20 instructions, and with the C library's swapcontext(3). What we
# count are **entries into the kernel**: system calls, and deliveries of SIGALRM.

# %% id="relay" tags=["demo", "needs-cc"] language="cthreads" magic_args="--source RELAY --stdin y --show none"
# #include <stdio.h>
# #include "uthread.h"
#
# static volatile int baton, polite;
# static void *runner(void *me) {
#     for (int round = 0; round < 100; baton++, round++)
#         while (baton % 2 != (long)me) { if (polite) uthread_yield(); }
#     return 0;
# }
# int main(void) {
#     polite = getchar() == 'y';
#     uthread_t a = uthread_create("A", runner, UTHREAD_ARG(0)), b = uthread_create("B", runner, UTHREAD_ARG(1));
#     uthread_join(a), uthread_join(b);
# }

# %% id="predict-kernel-entries" tags=["predict"]
predict(
    "kernel-entries",
    "How often does one switch by SIGALRM enter the kernel? (Our handler switches, in assembly, without a system call.)",
    ["never", "once", "two or three times"],
)


# %% id="kernel-entries" tags=["demo", "needs-cc"]
def per_switch(r):
    switches = sum(s.cause in ("yield", "preempt") for s in r.switches)
    entries = r.syscalls.by_name | {"SIGALRM": len(r.trace.of("timer"))}
    return {name: round(entries[name] / switches) for name in sorted(entries) if round(entries[name] / switches)}


print("machine            switch      entries for each switch")
for machine, stdin in (("uthread", "y"), ("uthread-preemptive", "n")):
    for switch in ("asm", "swapcontext"):
        each = per_switch(native.run(RELAY, machine, switch=switch, stdin=stdin, count_syscalls=True))
        print(f"{machine:19}{switch:12}{sum(each.values())}  {each}")
reveal("kernel-entries", "C", because="The signal must be delivered, and rt_sigreturn must put the registers back.")

# %% [markdown] id="claim-a4"
# > **Claim A4.** "Userland threads are faster, since you need not go into kernel mode."
# > **Verdict: wrong for SIGALRM, partly true for those that switch by choice.**
#
# Read the table above, counted here by strace(1) (without strace labkit counts the calls that its machine makes: the same).
# Only the switch in assembly, by choice, stays out of the kernel. swapcontext enters it once, to set the signal mask. SIGALRM
# enters it twice before our switch has done anything: a timer lives in the kernel, so a tick cannot avoid it. labkit's Python
# machine is like the third row.
#
# In exercise 4d you count such entries yourself; in 4e you write the switch in assembly.

# %% [markdown] id="claim-a5"
# > **Claim A5.** "This way of making threads has faded away."
# > **Verdict: outdated.**
#
# Go preempts its goroutines with a signal since version 1.14 (golang/go, issue 36365). It chose SIGURG:
# `const sigPreempt = _SIGURG`. The comment above that line calls SIGALRM a bad choice, because a handler cannot tell whether
# the program's own alarm sent it. (Read in Go's `src/runtime/signal_unix.go`, not run here.)
#
# The weak point is ours as well: while labkit preempts, your program cannot use SIGALRM for itself.

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. A timer's signal takes the processor from a thread between any two instructions; the signal frame holds all that it needs
#    to go on.
# 2. What belongs together must be guarded, by a count that nests or by a lock; a run that went well proves nothing.
# 3. A switch by signal enters the kernel two or three times; a switch by choice need not enter it at all.
#
# [Exercises 4](../exercises/04_preemption.ipynb). Next: [5 · One thread, one pthread](05_pthreads.ipynb). Words:
# [glossary](../GLOSSARY.md).
