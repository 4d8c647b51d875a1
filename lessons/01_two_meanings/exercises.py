# %% [markdown] id="title"
# # Exercises 1 · Two meanings of "kernel thread"
#
# Three exercises, 5 to 15 lines each. You tell by evidence what a task is, you count threads from outside, and you place each
# kind of thread on the map.
#
# How it goes: write your part into the cell that says `NotImplementedError`, in place of that line. Run it, then run the
# *check* cell below it. It says for each check what came back, what was expected and why. Run it as often as you like.
#
# Stuck? `hint("1a")` gives a nudge; again: a pointer; again: nearly the answer.

# %% id="imports"
import asyncio
import os
import threading
from _thread import start_new_thread
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from labkit import Event, run, sched_yield, spawn
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("1a")

# %% [markdown] id="1a-text"
# ## 1a · What is it?
#
# Below are twelve tasks, as `/proc` told of them in Debian's Linux 6.1, booted under QEMU. Some were made to mislead: a task
# can choose its name, and empty its command line.
#
# The columns: the lines Pid, Tgid, PPid, State and Threads of `status`; the flags, field 9 of `stat`; VmSize in kB, or `-`
# where there is no such line; Name; and behind the bar the command line.
#
# Write `classify(tasks)`: a dict, pid → label. The labels are in the next cell.

# %% [markdown] id="1a-labels"
# | label | what it is | evidence |
# |---|---|---|
# | `"kthread"` | lives inside the kernel | the bit PF_KTHREAD, 0x00200000, in the flags |
# | `"io worker"` | a program's thread that stays in the kernel | PF_IO_WORKER, 0x00000010 |
# | `"ended"` | a zombie: its parent has not asked yet | State Z |
# | `"process"` | the first thread of a program | its Pid is its Tgid |
# | `"thread"` | one more thread of a program | its Pid is not its Tgid |
#
# `flags & bit` is not 0 if that bit is set. A task's facts have names: `task.flags`.


# %% id="1a-task"
class Task(NamedTuple):
    """What /proc says of one task."""

    pid: int
    tgid: int
    ppid: int
    state: str
    threads: int
    flags: int
    vm_kb: int | None  # None: there is no such line
    name: str
    cmdline: str


# %% id="1a-read"
def read(line):
    """A row of the table below as a Task."""
    facts, cmdline = line.split("|")
    pid, tgid, ppid, state, threads, flags, vm, name = facts.split()
    vm_kb = None if vm == "-" else int(vm)
    return Task(int(pid), int(tgid), int(ppid), state, int(threads), int(flags), vm_kb, name, cmdline)


# %% id="1a-recorded"
# Pid Tgid PPid State Threads flags VmSize Name | command line
TASKS = [read(row) for row in """  1   1   0 S 1  4194560  2260 init               |/bin/busybox sh /init nokaslr
  2   2   0 S 1  2129984     - kthreadd           |
  7   7   2 I 1 69238880     - kworker/0:0-rcu_gp |
 22  22   2 S 1  2097216     - kauditd            |
105 105   1 S 3  4194304 17464 bakery             |bakery
106 106   1 S 2  4194560  1080 mailbox            |mailbox
107 107   1 S 1  4194304  1072 quiet              |
110 110   2 S 1  4194304  2260 sleep              |sleep 9
111 106   1 S 2  4194384  1080 iou-wrk-106        |mailbox
112 112 108 Z 1  4227148     - [migration/9]      |
113 105   1 S 3  4194368 17464 kneads             |bakery
114 105   1 S 3  4194368 17464 kworker/0:7        |bakery""".splitlines()]

# %% [markdown] id="1a-before"
# Two things to watch. More than one row of the table may fit a task; then the first one counts, from top to bottom. And the
# names are no evidence: two tasks here are called like a kthread, and are none.
#
# `sleep` (110) was started by the kernel itself, at a kthread's wish. So its parent is 2, as a kthread's is.


# %% id="1a-solution" tags=["exercise"]
def classify(tasks):
    """A dict: the pid of each task → its label."""
    ### BEGIN SOLUTION
    labels = {}
    for task in tasks:
        if task.flags & 0x00200000:
            labels[task.pid] = "kthread"
        elif task.flags & 0x00000010:
            labels[task.pid] = "io worker"
        elif task.state == "Z":
            labels[task.pid] = "ended"
        else:
            labels[task.pid] = "process" if task.pid == task.tgid else "thread"
    return labels
    ### END SOLUTION


# %% id="1a-check" tags=["check"]
check("len(classify(TASKS)), type(classify(TASKS)).__name__", (12, "dict"), why="a dict with a label for each pid")
check("classify(TASKS)[7]", "kthread", why="its flags, 69238880 = 0x04208060, have the bit 0x00200000")
check("classify(TASKS)[106]", "process", why="4194560 = 0x00400100: it has bits, but not 0x00200000. Mind the 0x, and the &")
check("classify(TASKS)[2]", "kthread", why="kthreadd lives inside the kernel too, and its parent is 0")
check("classify(TASKS)[110]", "process", why="sleep is a program: its parent is kthreadd, but the bit is not set")
check("classify(TASKS)[112]", "ended", why="a zombie has no memory and no command line any more; that makes no kthread of it")
check("classify(TASKS)[107]", "process", why="a program can empty its own command line; ps would write [quiet]")
check("classify(TASKS)[114]", "thread", why="a thread may call itself kworker/0:7; its Tgid says that it is one of bakery's")
check("classify(TASKS)[105]", "process", why="bakery has three threads, and this is the first: its Pid is its Tgid")
check("classify(TASKS)[111]", "io worker", why="a thread of mailbox, with its memory, that runs kernel code only")
### BEGIN HIDDEN TESTS
check(
    "classify(TASKS)",
    {1: "process", 2: "kthread", 7: "kthread", 22: "kthread", 105: "process", 106: "process", 107: "process", 110: "process",
     111: "io worker", 112: "ended", 113: "thread", 114: "thread"},
    why="the flags say who lives in the kernel, the state who has ended, the Tgid whose first thread it is",
)
check(
    "classify([read('37 37 2 S 1 2230336 - kswapd0 |'), read('27 27 2 S 1 69238880 - kworker/u2:2+events_unbound |')])",
    {37: "kthread", 27: "kthread"},
    why="other kthreads have other flags besides; PF_KTHREAD they all have",
)
check(
    "classify([read('116 116 27 S 1 4194304 2260 sh |/bin/sh -c cat'), read('109 109 1 S 1 4194304 1072 [kworker/9:9] |fake')])",
    {116: "process", 109: "process"},
    why="a program may be the child of a kworker, and may have a name in brackets",
)
check(
    "classify([read('115 115 110 Z 1 4227148 - sh |'), read('96 96 1 R 1 4194308 - init |')])",
    {115: "ended", 96: "process"},
    why="who is about to end has no memory any more and is no zombie yet; only the bit says kthread",
)
check("classify(TASKS[:1])", {1: "process"}, why="one label for each task that was given")
check("classify([])", {}, why="no tasks, no labels")
### END HIDDEN TESTS

# %% [markdown] id="1b-text"
# ## 1b · How many OS threads?
#
# Five programs. Each makes some threads (or what it calls so) and, while all of them are there, calls the function `look` that
# it was given. How many OS threads are there *more* than before?
#
# - `predicted()`: your five numbers. Write them down first, before you count.
# - `os_threads()`: the tids of all threads of this process, a set of whole numbers, from `/proc/self/task`.
# - `added(program)`: how many OS threads are new when the program looks. Call `program(look)` with a `look` of your own.
#
# The check runs the programs, and compares. Wrong guesses cost nothing: guess, check, think, correct.

# %% [markdown] id="1b-programs-text"
# | program | makes | on |
# |---|---|---|
# | `cooks` | main and 5 threads | labkit's cooperative machine |
# | `bakers` | main and 5 threads | labkit's pthread machine |
# | `clerks` | 1,000 asyncio tasks | one thread of Python's `threading` |
# | `porters` | 3 jobs | a pool that may have 8 threads |
# | `twins` | 2 × 500 asyncio tasks | two threads of `threading` |
#
# `threading` is Python's own 1:1, asyncio its own N:1. A **pool** keeps some threads, and gives each job to one that is free.
# Python's makes a new one only if a job comes and none is free. Here all three jobs wait until they may go.


# %% id="1b-labkit-programs"
def six(look, machine):
    def main():
        stop = Event()
        threads = [spawn(stop.wait) for _ in range(5)]
        sched_yield()
        look()
        stop.set()
        for thread in threads:
            thread.join()

    run(main, machine=machine)


# %% id="1b-python-programs"
def start(functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# %% id="1b-asyncio-program"
async def crowd(size, all_here):
    stop = asyncio.Event()
    tasks = [asyncio.create_task(stop.wait()) for _ in range(size)]
    await asyncio.sleep(0)  # let them start
    all_here()
    stop.set()
    await asyncio.gather(*tasks)


# %% id="1b-five-programs"
def porters(look):
    go = threading.Event()
    with ThreadPoolExecutor(max_workers=8) as pool:
        for _ in range(3):
            pool.submit(go.wait)
        try:
            look()
        finally:
            go.set()


def twins(look):
    meeting = threading.Barrier(2, action=look)  # look is called when both have come
    start([lambda: asyncio.run(crowd(500, meeting.wait))] * 2)


# %% id="1b-the-rest"
def cooks(look):
    six(look, "cooperative")


def bakers(look):
    six(look, "pthread")


def clerks(look):
    start([lambda: asyncio.run(crowd(1000, look))])


# %% id="1b-tools"
def in_secret(look):
    """Two OS threads that the module threading does not know."""
    both, stop = threading.Barrier(3), threading.Event()
    for _ in range(2):
        start_new_thread(lambda: (both.wait(), stop.wait()), ())
    both.wait()
    try:
        look()
    finally:
        stop.set()


def right(name):
    """Whether predicted() says of this program what a run of it shows, with your added()."""
    return predicted()[name] == added(globals()[name])


# %% id="1b-one-waits"
def pair(look):
    """Two OS threads, which end when both have come."""
    start([threading.Barrier(2, action=look).wait] * 2)


waiting_room = []


def wait_in(room):
    """One more OS thread, which is there until somebody lets it out of the room."""
    here, out = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (here.set(), out.wait()), daemon=True)
    thread.start()
    here.wait()
    room.append((thread.native_id, out))
    return True


# %% id="1b-relay"
def relay(look):
    """One OS thread ends, and one begins."""
    tid, out = waiting_room.pop()
    out.set()
    while str(tid) in os.listdir("/proc/self/task"):
        pass  # until the kernel has forgotten it
    stop = threading.Event()
    threading.Thread(target=stop.wait).start()
    try:
        look()
    finally:
        stop.set()


# %% id="1b-solution" tags=["exercise"]
def predicted():
    """Name of the program → how many OS threads are new when it looks."""
    ### BEGIN SOLUTION
    return {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2}
    ### END SOLUTION


def os_threads():
    """The tids of all threads of this process that the kernel knows: a set of whole numbers."""
    ### BEGIN SOLUTION
    return {int(name) for name in os.listdir("/proc/self/task")}
    ### END SOLUTION


def added(program):
    """How many OS threads that were not there before are there when program calls what it is given."""
    ### BEGIN SOLUTION
    before = os_threads()
    counts = []
    program(lambda: counts.append(len(os_threads() - before)))
    return counts[0]
    ### END SOLUTION


# %% id="1b-check" tags=["check"]
check("threading.get_native_id() in os_threads()", True, why="the thread that asks is one of them, by its number")
check("added(lambda look: look())", 0, why="who makes none adds none: count what is new, not what is there")
check("added(pair)", 2, why="look when the program says so: before there are none yet, afterwards none any more")
check("added(in_secret)", 2, why="the kernel knows every OS thread; Python's own list does not")
check("wait_in(waiting_room) and added(relay)", 1, why="one ended, one began: as many as before, yet one is new; compare tids")
check("right('cooks')", True, why="the cooperative machine's threads take turns on the OS thread that was there already")
check("right('bakers')", True, why="on the pthread machine each thread is an OS thread, main as well")
check("right('clerks')", True, why="asyncio tasks take turns on one OS thread; here it is one that was made for them")
check("right('porters')", True, why="a pool makes a thread when a job needs one, up to its limit")
check("right('twins')", True, why="two OS threads carry a thousand tasks: M:N, by hand")
### BEGIN HIDDEN TESTS
check(
    "predicted()",
    {"cooks": 0, "bakers": 6, "clerks": 1, "porters": 3, "twins": 2},
    why="only who asks the operating system gets an OS thread, and main on the pthread machine does too",
)
check("sorted({type(tid).__name__ for tid in os_threads()})", ["int"], why="tids are whole numbers")
check("[added(program) for program in (cooks, bakers, porters, clerks, twins)]", [0, 6, 3, 1, 2], why="count while all are there")
check(
    "wait_in(waiting_room) and [added(cooks), added(bakers), added(relay)]",
    [0, 6, 1],
    why="a thread that was there before is not the program's",
)
### END HIDDEN TESTS

# %% [markdown] id="1c-text"
# ## 1c · A place for each kind
#
# Now the map, in code. Below are eleven kinds of thread, with what was counted: how many **threads** the program had (its first
# one too); how many **OS threads** it had for them, by the line Threads of `status`; the flags of the OS thread that runs one
# of this kind; and whether it has memory of a program, a VmSize. Write
#
# - `shape(kind)`: `"1:1"`, `"N:1"` or `"M:N"`.
# - `place(kind)`: `"program/user"`, `"kernel/user"` or `"kernel/kernel"`: who schedules / where it runs.
# - `meanings(kind)`: in which of the two meanings it is a "kernel thread": a list with none, one or both of `"scheduled by the
#   kernel"`, `"lives inside the kernel"`, in this order.

# %% [markdown] id="1c-rules"
# (Recorded on Debian 12 with Python 3.11, Go 1.19 and two processors; the last six in Linux 6.1 under QEMU.)
#
# Think before you write. A kind that the kernel does not know one by one is scheduled by its program. That there are *some* OS
# threads below does not change it: the kernel picks those, and the program picks what runs on them.
#
# Inside the kernel are kthreads and io workers (their bits: see 1a). Whether somebody has memory of a program is not the
# question: an io worker has it, and yet runs no code of the program.


# %% id="1c-kinds"
class Kind(NamedTuple):
    """What was counted and read."""

    name: str
    threads: int
    os_threads: int
    flags: int
    vm: bool


KINDS = """greenlet 1001 1 4194304 yes, asyncio-task 1001 1 4194304 yes, uthread 8 1 4194304 yes, goroutine 1001 4 4194304 yes,
python-thread 7 7 4194304 yes, first-thread 3 3 4194304 yes, pthread 3 3 4194368 yes, pid-1 1 1 4194560 yes,
kswapd 1 1 2230336 no, kworker 1 1 69238880 no, io-uring-worker 2 2 4194384 yes"""
KINDS = [line.split() for line in KINDS.replace("\n", " ").split(",")]
KINDS = {name: Kind(name, int(n), int(of_these), int(flags), vm == "yes") for name, n, of_these, flags, vm in KINDS}


# %% id="1c-solution" tags=["exercise"]
def shape(kind):
    """ "1:1", "N:1" or "M:N"."""
    ### BEGIN SOLUTION
    if kind.threads == kind.os_threads:
        return "1:1"
    return "N:1" if kind.os_threads == 1 else "M:N"
    ### END SOLUTION


def place(kind):
    """Who schedules it / where it runs: "program/user", "kernel/user" or "kernel/kernel"."""
    ### BEGIN SOLUTION
    if shape(kind) != "1:1":
        return "program/user"
    return "kernel/kernel" if kind.flags & 0x00200010 else "kernel/user"
    ### END SOLUTION


def meanings(kind):
    """In which meanings it is a "kernel thread"."""
    ### BEGIN SOLUTION
    who, where = place(kind).split("/")
    found = ["scheduled by the kernel"] if who == "kernel" else []
    return found + (["lives inside the kernel"] if where == "kernel" else [])
    ### END SOLUTION


# %% id="1c-check" tags=["check"]
check("[shape(KINDS[n]) for n in ('uthread', 'pthread', 'goroutine')]", ["N:1", "1:1", "M:N"], why="8 on 1, 3 on 3, 1001 on 4")
check("shape(KINDS['pid-1'])", "1:1", why="one thread, one OS thread")
check("place(KINDS['uthread'])", "program/user", why="eight threads, and the kernel knows one: their program picks the next")
check("place(KINDS['goroutine'])", "program/user", why="the kernel picks one of 4 OS threads; who runs on it, Go's runtime says")
check("place(KINDS['pid-1'])", "kernel/user", why="the kernel starts it, and it is a program as others are")
check("place(KINDS['io-uring-worker'])", "kernel/kernel", why="it has a program's memory, but runs none of its code")
check("meanings(KINDS['python-thread'])", ["scheduled by the kernel"], why="1:1: the first meaning, not the second")
check(
    "meanings(KINDS['kswapd'])",
    ["scheduled by the kernel", "lives inside the kernel"],
    why="it lives inside, and stands in the kernel's queue like everybody",
)
### BEGIN HIDDEN TESTS
check(
    "[shape(kind) for kind in KINDS.values()]",
    ["N:1", "N:1", "N:1", "M:N", "1:1", "1:1", "1:1", "1:1", "1:1", "1:1", "1:1"],
    why="compare how many threads there are with how many of them the kernel knows",
)
check(
    "[place(kind) for kind in KINDS.values()]",
    ["program/user"] * 4 + ["kernel/user"] * 4 + ["kernel/kernel"] * 3,
    why="who is not known one by one is scheduled by its program; the flags say who stays inside",
)
check(
    "[len(meanings(kind)) for kind in KINDS.values()]",
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2],
    why="none for user-level threads, one for pthreads, both for who lives inside: the first meaning contains the second",
)
check("shape(Kind('x', 5, 2, 4194304, True))", "M:N", why="five on two")
check("shape(Kind('x', 2, 1, 4194304, True))", "N:1", why="two on one are enough")
check("place(Kind('[kworker/9:9]', 1, 1, 4194304, True))", "kernel/user", why="a name is no evidence")
check("place(Kind('kthread', 1, 1, 2097216, False))", "kernel/kernel", why="PF_KTHREAD decides; other bits may be missing")
check("place(Kind('zombie', 1, 1, 4227148, False))", "kernel/user", why="no memory, for it has ended: that is no bit")
check("place(Kind('lent', 1, 1, 2129984, True))", "kernel/kernel", why="memory may be lent to a kthread (lesson 9)")
check("meanings(KINDS['goroutine'])", [], why="OS threads carry it, and the kernel does not know it: in no meaning")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# In 1c a count decided who schedules. A program with *one* thread counts as 1:1, whatever it is. And Go starts OS threads
# before it needs them: two goroutines on four would look strange. A count is evidence if there is a crowd to count.
#
# **Keep this.** Ask the kernel, not the name. Compare before and during. Who schedules it, and where does it run: two
# questions, and "kernel thread" answers none of them.
#
# What you believed of the 34 sentences is kept. In lesson 12 you take the test again.
#
# Next: [2 · Stacks and shared memory](02_stacks.ipynb) · Words: [glossary](../GLOSSARY.md)
