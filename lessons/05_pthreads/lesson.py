# %% [markdown] id="title"
# # 5 · One thread, one pthread
#
# After this you can
#
# - say what `pthread_create` asks of Linux, and find each of your threads in `/proc/self/task`,
# - choose a thread's stack, name and processors, and read back what it really got,
# - explain why one blocking call no longer stops the others,
# - say what Python's GIL forbids and what it allows, and show it with a count.
#
# You need lessons 3 and 4: `spawn`, `join`, `sched_yield`, run queue, preemption. About 90 minutes. Choose first and look
# afterwards. Some cells look into `/proc`, which is Linux: elsewhere they say so and do nothing.

# %% id="doorway"
import ctypes
import itertools
import os
import sys
import threading
import time

from labkit import Barrier, Event, Mutex, current_thread, native, now, run, sched_yield, spawn
from labkit.course import predict, reveal
from labkit.machines import Cooperative, Pthread
from labkit.policies import Replay

LINUX = sys.platform == "linux"  # elsewhere there is no /proc

# %% [markdown] id="the-same-kitchen"
# ## The same kitchen, third machine
#
# Our soup and our rice have been cooked by a run queue that *we* kept (lesson 3), and under a timer that *we* set (lesson 4).
# Both times Linux saw one thread, and knew nothing of soup or rice.
#
# On the machine `"pthread"` each `spawn` asks the operating system for a thread of its own: **1:1**, one thread of ours, one
# thread of theirs. It has two modes. In **baton** mode only the thread that holds the baton goes on, and our policy says who
# gets it. In **free** mode we let go, and the OS decides.


# %% id="kitchen"
def cook(name, steps, log):
    for step in range(1, steps + 1):
        log.append(f"{name} {step}")
        sched_yield()


def kitchen():
    log = []
    cooks = [spawn(cook, name, 3, log, name=name) for name in ("soup", "rice")]
    for thread in cooks:
        thread.join()
    return log


# %% id="predict-baton" tags=["predict"]
predict(
    "baton-order",
    "The kitchen on the cooperative machine, and on pthreads with a baton: are the two orders the same?",
    ["the same", "different", "different on every run"],
)

# %% id="two-machines" tags=["demo"]
cooperative = run(kitchen, machine="cooperative")
baton = run(kitchen, machine=Pthread("baton"))
print(cooperative.result)
print(baton.result)
reveal(
    "baton-order",
    "the same" if baton.result == cooperative.result else "different",
    because="Policy and scheduling points decide, and both are ours. Only the carrier of a thread has changed.",
)

# %% id="free-orders" tags=["demo", "varies"]
for _ in range(4):
    print(run(kitchen, machine="pthread").result)

# %% [markdown] id="who-decides"
# In free mode your four lines may differ from each other, and from your neighbour's: soup may be half done before rice has
# begun, or not. Nobody promised anything.
#
# What *is* promised: each thread's own steps come in their order (`soup 1` before `soup 2`), and `join` comes after the end. A
# program is right when it is right in every order that the promises leave open. Testing it once shows one order.
#
# Now let us see whether those threads are real. A process has a number, the **pid**; a thread has a number, the **tid**.

# %% id="predict-numbers" tags=["predict"]
predict(
    "numbers",
    "main and two cooks each report their pid and their tid, on the machine pthread. How many different ones?",
    ["1 pid, 1 tid", "1 pid, 3 tids", "3 pids, 3 tids"],
)


# %% id="pids-and-tids" tags=["demo"]
def numbers():
    return os.getpid(), threading.get_native_id()


def main():
    cooks = [spawn(numbers), spawn(numbers)]
    return [numbers()] + [thread.join() for thread in cooks]


pids, tids = map(set, zip(*run(main, machine="pthread").result, strict=True))
reveal(
    "numbers",
    f"{len(pids)} pid, {len(tids)} tids",
    because="They are in one process and share its memory; each is scheduled by itself, so each needs a number of its own.",
)

# %% [markdown] id="claim-a1"
# ## What people say: A1
#
# > "Normal threads are implemented in the kernel."
#
# If so, the kernel must have a list of them. It has: `/proc/self/task` holds one folder per thread of this process, named by
# its tid. Jupyter has a few threads of its own there, so we look before and during the run, and count the new ones.
#
# Two threads are alive below. Before you run it: how many new folders on the cooperative machine, how many on the pthread
# machine?


# %% id="claim-a1-run" tags=["demo"]
def listed():
    return set(os.listdir("/proc/self/task")) if LINUX else set()


def two_alive():
    stop = Event()
    spawn(stop.wait)
    spawn(stop.wait)
    during = listed()
    stop.set()
    return during


for machine in ("cooperative", "pthread") if LINUX else ():
    before = listed()
    print(machine, "main + 2 threads, new folders:", len(run(two_alive, machine=machine).result - before))

# %% [markdown] id="claim-a1-verdict"
# A1 is TRUE on today's Linux: since NPTL (glibc 2.3.2, Linux 2.6) each pthread is one kernel scheduling entity, 1:1
# (pthreads(7)). The three new ones are `main` and its two threads: our machine starts `main` on a pthread too. The cooperative
# threads add none. The kernel cannot schedule what it does not know.
#
# Mind the words. "Kernel thread" is said in **two senses**: a thread *scheduled by* the kernel (each pthread), and a thread
# that lives *inside* the kernel and runs only kernel code (a kthread: `kswapd0`). A1 is about the first sense. More of this at
# A11.

# %% [markdown] id="pthread-create-clone"
# ## pthread_create → clone
#
# How does the C library ask? Recorded with `strace -f python3 c.py`, where `c.py` starts one thread (glibc 2.36, shortened):
#
# ```
# mmap(NULL, 8392704, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK) = 0x7f6fe4c5b000
# mprotect(0x7f6fe4c5c000, 8388608, PROT_READ|PROT_WRITE) = 0
# clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|..., stack=..., tls=...}) = 17990
# ```
#
# Line 1 reserves a stack of 8 MiB and one page, line 2 opens all but that page: the rest is the **guard**, and whoever runs
# over the end of the stack hits it and dies at once. Line 3 makes the thread. `CLONE_VM` says "share my memory", `CLONE_FILES`
# "and my open files", `CLONE_THREAD` "same pid". 17990 is the new tid. A new *process* is the same call without these flags.

# %% [markdown] id="attributes"
# ## What one may ask for
#
# `spawn` hands its attributes to `pthread_create`: `stack_bytes`, `guard_bytes`, `cpus` (the processors it may use),
# `detached` (nobody may join it). The name goes to the kernel, which keeps **15 bytes** of it (pthread_setname_np(3)); `ps -L`
# and `/proc` show that.
#
# Asking is not getting. labkit asks each new thread what it *really* has and writes that into `thread.attributes`. The stack is
# **at least** what you asked: glibc keeps the stacks of ended threads and hands you an old, larger one if it has one.


# %% id="ask-and-read-back" tags=["demo"]
def comm():
    return open(f"/proc/self/task/{current_thread().tid}/comm").read().strip() if LINUX else "(Linux only)"


cpu = min(os.sched_getaffinity(0)) if LINUX else 0


def main():
    wish = {"stack_bytes": 300_000, "guard_bytes": 8192} | ({"cpus": {cpu}} if LINUX else {})
    thread = spawn(comm, name="stirs_the_risotto", **wish)
    print("name in the kernel:", thread.join())
    got = thread.attributes
    print("stack of at least 300000:", got["stack_bytes"] >= 300_000)
    print("guard:", got["guard_bytes"], " one cpu:", got["cpus"] == {cpu})


_ = run(main, machine="pthread")

# %% [markdown] id="one-waits-for-post"
# ## A blocking call, once more
#
# In lesson 3 one blocking call stopped everybody: the other threads made **0** steps until it came back. Let us make it worse.
# Here the reader blocks in `os.read` until a byte comes through a pipe. The byte is sent by the ticker, after 3 ticks. So the
# reader waits for a thread which, if all must stand still, can never send it. We count the ticks that were made before "reader
# has it".


# %% id="post" tags=["demo"]
def post():
    log, (get, put) = [], os.pipe()

    def reader():
        log.append("reader waits")
        os.read(get, 1)
        log.append("reader has it")

    def ticker():
        for n in range(3):
            log.append(f"tick {n}")
            sched_yield()
        os.write(put, b"!")

    return [thread.join() for thread in (spawn(reader, name="reader"), spawn(ticker, name="ticker"))] and log


# %% id="predict-post" tags=["predict"]
predict(
    "post",
    "What becomes of post() on the cooperative machine, and on pthreads in free mode?",
    ["both end", "neither ends", "only the cooperative one ends", "only the pthread one ends"],
)

# %% id="post-cooperative" tags=["break-it", "raises-exception"]
run(post, machine=Cooperative(watchdog_s=0.5))

# %% id="post-pthread" tags=["demo"]
log = run(post, machine="pthread").result
print("ticks before the reader had its byte:", sum(line.startswith("tick") for line in log[: log.index("reader has it")]))
reveal(
    "post",
    "only the pthread one ends",
    because="The OS sees one of its threads asleep in read(2) and runs another. With N:1 it saw its only thread asleep.",
)

# %% [markdown] id="claim-a10"
# ## What people say: A10
#
# > "Only one thread runs at a time, so user-level threads are uncommon."
#
# The first half you have seen twice: N user-level threads share one OS thread, so they can use one processor, and one blocking
# call stops all. (Try `post` on `"preemptive"`: SIGALRM interrupts this `read`, but not every C call.) The second half can be
# tested: `asyncio` is N:1 and comes with every Python. The next cell makes 1,000 asyncio tasks report on which OS thread they
# run, and then hands one *blocking* call to another OS thread, as programs do that must not stand still.


# %% id="claim-a10-run" tags=["demo"]
import asyncio


async def where():
    await asyncio.sleep(0)
    return threading.get_native_id()


async def report():
    tids = set(await asyncio.gather(*(where() for _ in range(1000))))
    blocking = await asyncio.to_thread(threading.get_native_id)
    return {"OS threads under 1000 tasks": len(tids), "the blocking call ran elsewhere": blocking not in tids}


run(lambda: asyncio.run(report()), machine="pthread").result

# %% [markdown] id="claim-a10-verdict"
# A10 is PARTLY true, and outdated. Each shape has its price:
#
# | | N:1 (asyncio, lessons 3, 4) | 1:1 (pthread) | M:N (Go, Java) |
# |---|---|---|---|
# | a blocking call stops | all | itself | itself, mostly |
# | processors used | 1 | all | all |
# | who chooses the order | you | the OS | both |
# | can do 100,000 | yes | rarely | yes |
#
# **M:N** puts many user-level threads on a few OS threads. Go does (Gs on Ms: `src/runtime/HACKING.md`), Java does since JDK 21
# (virtual threads: JEP 444). Both are common today.

# %% [markdown] id="the-gil"
# ## The GIL
#
# 1:1 threads can use all processors. Python's threads are 1:1. Then why do people say that they cannot? Because the interpreter
# has one lock, the **global interpreter lock**: only the thread that has it runs Python code (Python's glossary, "GIL"). C code
# may release it while it does not touch Python.
#
# To see it we need two things: threads that stand *inside C*, and a count of how many are there at once. `poll` is a C function
# that waits until a file can be read. From start and end of each visit we count the most that were under way at once.


# %% id="visits" tags=["demo"]
class Pollfd(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short)]


def visit(lib, fd, limit_ms, started):
    start = now()
    started.append(start)
    lib.poll(ctypes.byref(Pollfd(fd, 1, 0)), 1, limit_ms)  # in C until fd can be read, or the limit
    return start, now()


def most_at_once(spans):
    marks = sorted([(start, +1) for start, end in spans] + [(end, -1) for start, end in spans])
    return max(itertools.accumulate(step for _, step in marks))


# %% id="four-visits" tags=["demo"]
def four_visits(lib, limit_ms):
    started, (get, put) = [], os.pipe()
    threads = [spawn(visit, lib, get, limit_ms, started) for _ in range(4)]
    while len(started) < 4:
        time.sleep(0.001)
    os.write(put, b"!")  # all four have begun: let them out
    return most_at_once([thread.join() for thread in threads])


# %% id="predict-gil" tags=["predict"]
predict(
    "gil",
    "ctypes.CDLL releases the GIL during a call, ctypes.PyDLL keeps it. How many of 4 visits are in C at once?",
    ["CDLL 4, PyDLL 4", "CDLL 4, PyDLL 1", "CDLL 1, PyDLL 1"],
)


# %% id="gil-released-and-kept" tags=["demo"]
def at_once(lib, limit_ms):
    return run(lambda: four_visits(lib, limit_ms), machine="pthread", timeslice_ms=60_000).result


released, kept = at_once(ctypes.CDLL(None), 10_000), at_once(ctypes.PyDLL(None), 200)
reveal(
    "gil",
    f"CDLL {released}, PyDLL {kept}",
    because="Who keeps the GIL in C keeps out every other thread, even the one that would write the byte.",
)

# %% [markdown] id="who-releases-it"
# So "Python threads do not run at the same time" is true of *Python code* and of nothing else. `time.sleep`, `os.read`, locks,
# files and sockets release the GIL. So do `hashlib` (for more than 2047 bytes), `zlib`, and much of numpy. (`python3.13t`, the
# free-threaded build, has none: PEP 703.)
#
# In pure Python, who has the GIL gives it up when it blocks, or when another asked for it for one **switch interval**:
# `sys.getswitchinterval()`, 5 ms. `timeslice_ms=60_000` set that to a minute above, so that no thread was preempted between its
# two stamps.
#
# Now the trap. Four threads *in pure Python*: how many at once?


# %% id="four-in-python" tags=["demo"]
def four_in_python():
    started = []

    def spin():
        start = now()
        started.append(start)
        while len(started) < 4:
            pass  # pure Python, and never inside C
        return start, now()

    return most_at_once([thread.join() for thread in [spawn(spin) for _ in range(4)]])


run(four_in_python, machine="pthread").result

# %% [markdown] id="pass-and-be-wrong"
# Four at once, and yet never two *running*: they passed the GIL around. **How could this pass and be wrong?** A span says that
# a thread was under way, not that it ran. `most_at_once` found the truth about C only because no thread could be preempted
# between its stamps. Had we left the interval at 5 ms, PyDLL might have scored 2 on a bad day, and pure Python looks parallel
# every day.
#
# So counting who is under way is not enough. Further down, in C, we shall let the kernel count for us.

# %% [markdown] id="baton-and-replay"
# ## Getting the order back
#
# Free threads find bugs that you cannot find again. In baton mode the threads are just as real, but one at a time goes on, and
# the policy decides at each scheduling point. What it decided is the run's **schedule**, and a schedule replays. (The price: a
# blocking call stops all again, for who blocks keeps the baton.)
#
# Below, a lottery orders the kitchen. Before you run it: does a schedule that real pthreads made also fit the cooperative
# machine? A free run has a schedule too, but `exact` is False: the OS also switched *between* the points, and nobody wrote that
# down.

# %% id="replay-anywhere" tags=["demo"]
drawn = run(kitchen, machine="pthread", policy="lottery", seed=3)
print(drawn.schedule)
for machine in ("pthread", "cooperative"):
    again = run(kitchen, machine=machine, policy=Replay(drawn.schedule))
    print(machine, "replays it:", again.result == drawn.result)
print("exact: baton", drawn.schedule.exact, " free", run(kitchen, machine="pthread").schedule.exact)

# %% [markdown] id="deadlock-on-pthreads"
# ## A deadlock among real threads
#
# Two cooks, two tools, opposite orders. The barrier makes sure that each holds its first tool before anyone reaches for the
# second, so this one is certain. With plain `threading` the program would now hang in silence. labkit counts the threads that
# are neither blocked nor ended; when none is left, it says who waits for whom. Read the last line as a circle.


# %% id="two-tools" tags=["break-it", "raises-exception"]
def two_tools():
    knife, board, ready = Mutex("knife"), Mutex("board"), Barrier(2)

    def cook(first, second):
        with first:
            ready.wait()
            with second:  # BUG (on purpose): the other cook takes them the other way round
                pass

    cooks = [spawn(cook, knife, board, name="soup"), spawn(cook, board, knife, name="rice")]
    return [thread.join() for thread in cooks]


run(two_tools, machine="pthread")


# %% [markdown] id="switches-counted"
# ## The kernel counts the switches
#
# A 1:1 thread's switches are the kernel's, and it keeps two counts in `/proc/self/task/<tid>/status`: **voluntary** (it
# blocked) and **nonvoluntary** (preempted): lesson 3 and lesson 4, counted by Linux. Who sleeps 20 times blocks at least 20
# times.
#
# Then back to the cores, in C, where there is no GIL. The same text runs on pthreads, 1:1, and on the threads of lesson 4, N:1
# under a timer. `n` runners hand a baton round, 50 times each, and wait for it by *spinning*: computing, and not one system call.
# From the trace we take how many of them were running at once, as far as the program knows.


# %% id="twenty-naps" tags=["demo"]
def switches():
    lines = open(f"/proc/self/task/{current_thread().tid}/status").read().splitlines()
    return {line.split("_")[0]: int(line.split()[1]) for line in lines if "ctxt_switches" in line}


def naps():
    before = switches()
    for _ in range(20):
        time.sleep(0.001)
    return switches()["voluntary"] - before["voluntary"]


print("at least 20 voluntary:", run(naps, machine="pthread").result >= 20 if LINUX else "(Linux only)")


# %% id="relay" tags=["demo", "needs-cc"] language="cthreads" magic_args="--machine pthread --source RELAY --stdin 2 --show none"
# #include <stdio.h>
# #include "uthread.h"
#
# static volatile int baton, n;
# static void *runner(void *me) {
#     for (int round = 0; round < 50; baton++, round++)
#         while (baton % n != (long)me) {}
#     return 0;
# }
# int main(void) {
#     uthread_t made[9]; n = getchar() - '0';
#     for (long i = 0; i < n; i++) made[i] = uthread_create(0, runner, (void *)i);
#     for (int i = 0; i < n; i++) uthread_join(made[i]);
# }

# %% id="predict-at-once" tags=["predict"]
predict(
    "at-once",
    "Three runners hand the baton round, on threads of ours and on pthreads. How many run at once, at most?",
    ["ours 1, pthreads 1", "ours 1, pthreads 3", "ours 3, pthreads 3"],
)


# %% id="running-at-once" tags=["demo", "needs-cc"]
def running_at_once(machine, n):
    trace = native.run(RELAY, machine, stdin=str(n)).trace
    return most_at_once([(s.start_ns, s.end_ns) for s in trace.spans() if s.state == "RUNNING" and trace.name(s.tid) != "main"])


for n in (1, 2, 3):
    ours, theirs = (running_at_once(machine, n) for machine in ("uthread-preemptive", "pthread"))
    print(f"runners {n}: of ours (N:1) {ours} at once, of pthreads (1:1) {theirs}")
reveal("at-once", f"ours {ours}, pthreads {theirs}", because="N:1 is never two at once: all run on one OS thread.")

# %% id="counted-by-the-kernel" tags=["demo", "needs-cc", "varies"]
# "Running" in a trace means "not blocked": two pthreads on one processor would look the same. So let the kernel count.
def counted(r):
    return sum(r.voluntary.values()) + sum(r.involuntary.values())


relay = min((native.run(RELAY, "pthread", stdin="2") for _ in range(5)), key=counted)
cores = len(os.sched_getaffinity(0)) if LINUX else os.cpu_count()
print(f"Processors: {cores}. 99 hand-overs; in the best of 5 runs the kernel counted {counted(relay)} switches.")
if counted(relay) < 99:
    print("By taking turns that cannot be done: both runners really ran at the same time.")
else:
    print("So they took turns: there is no second processor, or it was busy.")
relay.timeline()

# %% [markdown] id="claim-a11"
# ## What people say: A11
#
# > "The most common use of kernel threads is pthread_create."
#
# AMBIGUOUS: true in one sense of "kernel thread", wrong in the other. `pthread_create` makes a user thread that the kernel
# *schedules*. It has a user address space, and enters the kernel for system calls, faults and interrupts. A thread *inside* the
# kernel (a kthread) is made by kernel code and has no user address space; its flags in `/proc/<pid>/stat` have the bit
# `PF_KTHREAD`, 0x00200000 (Linux 6.1, `include/linux/sched.h`). So we can ask a pthread which of the two it is.


# %% id="claim-a11-run" tags=["demo"]
def what_am_i():
    folder = f"/proc/self/task/{current_thread().tid}"
    flags = int(open(f"{folder}/stat").read().rpartition(")")[2].split()[6])
    return {"PF_KTHREAD": bool(flags & 0x00200000), "has user memory": "VmSize" in open(f"{folder}/status").read()}


print(run(lambda: spawn(what_am_i).join(), machine="pthread").result if LINUX else "(Linux only)")

# %% [markdown] id="keep"
# ## Keep three sentences
#
# 1. A pthread is a thread of yours that the OS knows: it has a tid, a stack and a place in the kernel's queue, so when it
#    blocks the others go on.
# 2. The OS decides the order, so a program must be right in all of them; a baton gives you the order back, and a schedule
#    repeats it.
# 3. The GIL lets one thread at a time run *Python code*; C code that releases it runs beside, on another processor.
#
# Now the [exercises](../exercises/05_pthreads.ipynb): you will call `pthread_create` yourself. Next:
# [6 · Races and mutual exclusion](06_races.ipynb), where two threads and one variable are enough for trouble.
#
# The words are in the [glossary](../GLOSSARY.md).
