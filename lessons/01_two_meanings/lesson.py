# %% [markdown] id="title"
# # 1 · Two meanings of "kernel thread"
#
# Two people say "kernel thread" and mean two things: a thread that the kernel *schedules*, or a thread that lives *inside* the
# kernel.
#
# After this you can …
#
# - say what a process is and what a thread is, and count a program's threads from outside;
# - find out who schedules a thread: the kernel, or the program itself;
# - tell by evidence, not by its name, whether a thread lives inside the kernel;
# - put any thread in its place on a map of two questions.
#
# You need a little Python: functions, lists, `for`. You need to have seen no thread before. About 60 minutes.

# %% [markdown] id="how-a-notebook-works"
# ## How this works
#
# This is a **notebook**: cells of text, and cells of Python. Click on the cell below and press **Shift+Enter**. The cell is
# run, what it puts out stands under it, and you are one cell further. A `[*]` beside a cell says that it still runs.
#
# Go from top to bottom: later cells use what earlier ones have made. You can break nothing. Change a cell and run it again, as
# often as you like. If all is in a muddle: menu *Kernel*, *Restart Kernel*, and begin at the top. If a cell never ends: the ■
# above.

# %% id="first-cell"
# First we fetch the tools of this lesson.
import os
import shutil
import subprocess
import sys
import threading

from labkit import Event, run, sched_yield, spawn
from labkit.course import claims_test, predict, reveal

print("hello from the first cell")
len("hello")  # the last value of a cell is shown too

# %% [markdown] id="guess-first"
# ## Guess first
#
# Many cells ask what will happen, *before* you see it. Choose an answer. Nobody grades it, and nobody else sees it. A guess
# that turns out wrong is remembered best.
#
# Here `cook` is an ordinary function, and we are going to call it twice.


# %% id="predict-two-calls" tags=["predict"]
def cook(name, steps):
    for step in range(1, steps + 1):
        print(name, step)


predict(
    "two-calls",
    'cook("soup", 2) is called, and on the next line cook("rice", 2). In which order do the lines come?',
    ["soup 1, rice 1, soup 2, rice 2", "soup 1, soup 2, rice 1, rice 2", "any order: both are cooking"],
)

# %% id="two-calls" tags=["demo"]
cook("soup", 2)
cook("rice", 2)
reveal("two-calls", "B", because="One thing after the other: the second call begins when the first has ended.")

# %% [markdown] id="what-a-thread-is"
# ## What a thread is
#
# Follow a running program with a finger: now it is on this line of `cook`, which was called from that line of the cell. The
# finger is a **thread**: one flow of control. Each program begins with one.
#
# With a second thread there is a second finger. Two calls of `cook` can both be half done. With labkit, the library of this
# course:
#
# - `spawn(cook, "soup", 2)` makes a thread, which will call `cook("soup", 2)`;
# - `sched_yield()` says: I stop here for now, let another thread go on;
# - `thread.join()` waits until that thread has ended;
# - `run(main)` runs a program: its first thread calls `main`.


# %% id="two-cooks" tags=["predict"]
def cook(name, steps):
    for step in range(1, steps + 1):
        print(name, step)
        sched_yield()


def kitchen():
    cooks = [spawn(cook, name, 2, name=name) for name in ("soup", "rice")]
    for thread in cooks:
        thread.join()


predict("two-threads", "And now, with two threads?", ["soup 1, rice 1, soup 2, rice 2", "soup 1, soup 2, rice 1, rice 2"])

# %% id="two-threads" tags=["demo"]
cooked = run(kitchen)
reveal("two-threads", "A", because="Each thread keeps its place, in the middle of its loop, while the other goes on.")
cooked.timeline()

# %% [markdown] id="read-the-timeline"
# Read the picture from left to right: a row for each thread, filled where it runs. A thin line: it could run, and waits for its
# turn. Dots: it waits for something; `main` waits in `join`. Step through it with the arrow keys.
#
# The loop of `soup` is cut in two, and nothing is lost: that is what it means to be a thread.
#
# In each column one row is filled. Something decides which. To decide who goes on is to **schedule**, and here it is done by
# labkit: a Python library, code like any other.
#
# Does Linux know that soup and rice exist? We shall ask it.

# %% [markdown] id="what-people-say"
# ## What people say
#
# This course takes 34 sentences that people say about threads, and puts each to the test by running something. Before you have
# learned anything: what do you believe? It takes five minutes. You may skip any of them, and you get no answers now. In lesson
# 12 you take the same test again, and see what has changed.
#
# Two of the sentences, A1 and A3, are settled in this lesson.

# %% id="claims-before"
claims_test("before")

# %% [markdown] id="a-process-from-outside"
# ## A process, from outside
#
# The **kernel** is the program that runs the machine: it gives out memory, and it gives the processor now to this one, now to
# that one. Ours is Linux. (Jupyter calls the process that runs your cells a kernel, too. That one we call the *Jupyter
# kernel*.)
#
# A **process** is a program that is being run: memory of its own, open files, and one thread or more. Its number is the
# **pid**.
#
# Linux tells what it knows of a process in a folder, `/proc/<pid>`. The files in it lie on no disk: the kernel writes them
# while you read. `/proc/self` is whoever reads: here, the Jupyter kernel.


# %% id="own-status" tags=["demo", "varies"]
def status(pid="self"):
    """What Linux says of a process, line by line; nothing where there is no /proc."""
    path = f"/proc/{pid}/status"
    lines = open(path).read().splitlines() if os.path.exists(path) else []
    return dict(line.split(":\t", 1) for line in lines)


me = status()
for key in ("Name", "State", "Tgid", "Pid", "PPid", "VmSize", "Threads"):
    print(f"{key:8} {me.get(key, '(only Linux tells)')}")

# %% [markdown] id="read-own-status"
# | line | says |
# |---|---|
# | Name | the program |
# | State | R: runs. S: sleeps, until something happens |
# | Pid | this thread's number, the **tid** |
# | Tgid | the process's number, the pid. Its first thread has the same |
# | PPid | the parent: who started this process |
# | VmSize | how much memory it has mapped |
# | Threads | how many threads *the kernel knows of* |
#
# (proc_pid_status(5) explains them all.) More than one thread? Jupyter has started a few for itself. `ps` prints the same files
# as a table. With `-L` it has a line for each thread; LWP is its word for tid.

# %% id="own-ps" tags=["demo", "varies"]
command = ["ps", "-L", "-o", "pid,lwp,stat,comm", "-p", str(os.getpid())]
if shutil.which("ps"):
    print(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

# %% [markdown] id="ask-the-kernel"
# ## Does the kernel know them?
#
# In `/proc/self/task` there is a folder for each thread of this process, named by its tid. A thread that is not in this list
# the kernel cannot schedule: it does not know it.
#
# So here is an experiment. Make five threads, and look into the list while all five are there. (They wait for an `Event`, a
# flag, until we set it.) With `main` that is six threads. Then do the same on another **machine**. That is labkit's word for
# what runs threads. Up to now we used `"cooperative"`; `"pthread"` asks the operating system for each thread.


# %% id="five-threads" tags=["predict"]
def tids():
    return set(os.listdir("/proc/self/task")) if sys.platform == "linux" else set()


def five():
    stop = Event()
    for _ in range(5):
        spawn(stop.wait)
    during = tids()
    stop.set()
    return during


predict("six-threads", "How many new folders: cooperative, and pthread?", ["6 and 6", "0 and 0", "0 and 6"])

# %% id="count-new-tids" tags=["demo"]
for machine in ("cooperative", "pthread"):
    before = tids()
    print(f"{machine:12} threads made: 6   new tids: {len(run(five, machine=machine).result - before)}")
reveal("six-threads", "C", because="The cooperative machine switches its threads by itself. Linux sees one thread, as before.")

# %% [markdown] id="claim-a1"
# > **Claim A1.** "Normal threads are implemented in the kernel."
# > **Verdict: true**, if "normal" means what you get from the operating system.
#
# `pthread_create` makes a thread in C, and other languages call it as well (Python: `Python/thread_pthread.h`). On Linux the
# kernel keeps a **task** for each one, with a tid, and schedules it (pthreads(7), "NPTL"). The run: 6 new tids.
#
# The other six threads were threads as well: each kept its place, took turns, could wait. They just were nobody's business but
# labkit's. They are called **user-level threads**, and what we used inside is called *greenlet*. So whether the kernel knows a
# thread is not what makes it a thread.

# %% [markdown] id="three-shapes"
# ## Three shapes
#
# An **OS thread** is one that the operating system knows. Compare the two counts:
#
# | shape | means | seen |
# |---|---|---|
# | **N:1** | N threads on 1 OS thread | cooperative: 6 on 1. asyncio |
# | **1:1** | each thread is an OS thread | pthread: 6 on 6. C, Java, Python |
# | **M:N** | M threads on N OS threads | Go: 1,001 on 4 |
#
# M:N has two schedulers. A runtime, part of the language, puts a thread on a free OS thread; the kernel puts the OS thread on a
# processor. The line for Go is recorded (Go 1.19, 2 processors): `/proc/self/task` had 4 folders.

# %% [markdown] id="in-c"
# ## The same in C
#
# Is this something about Python? Here is a program in C. You need not know C; this is the story. `main` locks a `door`. It
# makes seven guests, and each of them wants to go through the door. So all wait, and there are eight threads. Now it reads what
# Linux says of the process, and prints the line "Threads". Then it opens the door and waits for the end of each.
#
# A cell that begins with `%%cthreads` is compiled and run. `uthread` is a small library of our own: threads that one process
# switches by itself. (No compiler here? Then you see the recorded run.)

# %% id="guests-by-ourselves" tags=["demo", "needs-cc"] language="cthreads" magic_args="ours --source GUESTS --show output"
# #include <stdio.h>
# #include <string.h>
# #include "uthread.h"
#
# static uthread_mutex_t door = UTHREAD_MUTEX("door");
# static void *guest(void *arg) { uthread_mutex_lock(&door); uthread_mutex_unlock(&door); return arg; }
# int main(void) {
#     uthread_t guests[7]; char line[99]; FILE *status = fopen("/proc/self/status", "r");
#     uthread_mutex_lock(&door);
#     for (int i = 0; i < 7; i++) guests[i] = uthread_create(NULL, guest, NULL);
#     while (fgets(line, 99, status)) if (strstr(line, "Threads")) fputs(line, stdout);
#     uthread_mutex_unlock(&door);
#     for (int i = 0; i < 7; i++) uthread_join(guests[i]);
# }

# %% id="predict-guests" tags=["predict"]
predict(
    "guests-on-pthreads",
    "Eight threads, and the kernel knows one. The same text again, but each thread is made with pthread_create. Threads: …?",
    ["1", "7", "8"],
)

# %% id="guests-by-the-kernel" tags=["demo", "needs-cc"]
from labkit import native

theirs = native.run(GUESTS, machine="pthread", first_line=2)
print(theirs.stdout, end="")
reveal("guests-on-pthreads", "C", because="main is a thread as well. Nothing in the program's text has changed.")

# %% [markdown] id="claim-a3"
# > **Claim A3.** "Several operating systems had threads inside programs before their kernels supported any."
# > **Verdict: true.**
#
# - Unix: F. Mueller, "A Library Implementation of POSIX Threads under UNIX", USENIX 1993: a library, and no change to the
#   kernel.
# - FreeBSD: its library libc_r is "entirely invisible to the kernel" and cannot use a second processor (J. Evans,
#   "Kernel-Scheduled Entities for FreeBSD", 2000).
# - OpenBSD: until 5.1, all threads of a program were one process on one CPU; then came 1:1 (AsiaBSDCon 2012, "OpenBSD update").
#
# The run above is that idea: `uthread` is N:1, and Linux was not asked. How such a library takes the processor away from a
# thread is lesson 4.

# %% [markdown] id="the-other-meaning"
# ## The other meaning
#
# Up to here "kernel thread" would mean: *a thread that the kernel schedules*. Now to those who mean something else.
#
# For them we need a kernel of our own, to look around in freely. labkit boots a Linux 6.1 in a virtual machine: a computer made
# of software. It repeats exactly, so your numbers are the same as ours. (Where it cannot boot, you see a recorded run.)
#
# In the hidden cell below are a few lines of C. They let that kernel run a command and tell us what it said. Run the cell, and
# skip the C: lessons 9 and 10 explain it.

# %% id="boot" tags=["needs-qemu", "varies", "hide-input"]
from labkit import qemu

kernel = qemu.boot()  # some seconds the very first time
ASK = r"""
#include <linux/module.h>
#include <linux/umh.h>
static int __init ask(void) {
    char *argv[] = {"/bin/sh", "-c", "cd /proc; { COMMAND; } > /answer; cat /answer > /dev/kmsg", NULL};
    return call_usermodehelper(argv[0], argv, (char *[]){"PATH=/bin", NULL}, UMH_WAIT_PROC); }
static void __exit leave(void) { }  module_init(ask); module_exit(leave); MODULE_LICENSE("GPL");"""


def ask(command):
    seen = kernel.run_module(ASK.replace("COMMAND", command), name="ask", trace=False)
    print(*(record.text for record in seen.dmesg if record.text.startswith("Name:")), sep="\n")

# %% id="predict-no-program" tags=["predict"]
predict(
    "kswapd-memory",
    "PID 1 is the first program of that system. kswapd0 belongs to no program at all. What does its status say about memory?",
    ["VmSize, as for everybody", "VmSize: 0 kB", "there is no such line"],
)

# %% id="three-statuses" tags=["demo", "needs-qemu"]
lines = "Name|State|Tgid|Pid|PPid|VmSize|Threads"
ask(f"for pid in 1 2 37; do grep -E '^({lines}):' $pid/status; echo; done")
reveal("kswapd-memory", "C", because="A task without a program has no memory of a program. It needs none.")

# %% [markdown] id="read-the-three"
# 1 is a program, as you know them. But `kswapd0` (37) is a task without any program. No `VmSize`: its code and its data lie in
# the kernel itself. It is there to free memory when memory gets scarce. Its parent is 2, **kthreadd**, which makes all of its
# kind. kthreadd's own parent is 0, as that of 1: the kernel made both when it booted.
#
# A thread that lives inside the kernel is a **kthread**: the second meaning of "kernel thread". No user has asked for it, and
# it is not the only one there. Lesson 9 looks at all of them.

# %% [markdown] id="names-are-no-evidence"
# ## Names prove nothing
#
# How do people tell a kthread? Often from `ps`, which writes its name in brackets: `[kswapd0]`. It does so for every task whose
# command line is empty. But a command line is only what a program was *told* that its name is. Below, we tell the program `cat`
# that it is called `[kworker/9:9]`.
#
# What does not lie is a bit that the kernel sets when it makes a kthread: **PF_KTHREAD**, 0x00200000, in the *flags*, which are
# field 9 of `/proc/<pid>/stat` (`include/linux/sched.h`, Linux 6.1).

# %% id="an-impostor" tags=["break-it"]
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
fake = subprocess.Popen(["[kworker/9:9]"], executable=shutil.which("cat"), **pipes)
print("I am cat", file=fake.stdin, flush=True)
print("it says:          ", fake.stdout.readline(), end="")
if sys.platform == "linux":
    print("its command line: ", open(f"/proc/{fake.pid}/cmdline").read().strip("\0"))
    print("memory of its own:", "VmSize" in status(fake.pid))
    flags = int(open(f"/proc/{fake.pid}/stat").read().split(")")[-1].split()[6])
    print("PF_KTHREAD:       ", bool(flags & 0x00200000))
_ = fake.communicate()  # closes its input, so that it ends

# %% [markdown] id="what-is-evidence"
# `ps` would show `[kworker/9:9]`, brackets and all. The flags say that it is a program, and so does its memory: nobody gets the
# bit by calling himself something.
#
# **How could this pass and be wrong?** "No memory, so it is a kthread" was right for all that we have seen up to now. In
# exercise 1a you meet tasks that fool every simple test: one that has ended, and so has no memory any more; a program whose
# parent is 2; one that has emptied its command line.

# %% [markdown] id="two-meanings"
# ## The two meanings
#
# | "kernel thread" | scheduled by the kernel | living inside the kernel |
# |---|---|---|
# | for example | every pthread | `kswapd0`, `kworker/0:0` |
# | made by | a program: `pthread_create` | the kernel: kthreadd |
# | the program's memory | yes | no |
# | in this course | **pthread**, 1:1 thread | **kthread** |
#
# A kthread is scheduled by the kernel, too: it stands in the same queue as your programs. So the first meaning contains the
# second. That is why both sides are right, and talk past each other.
#
# "The most common kernel threads are made with pthread_create" is true in one meaning and false in the other.

# %% [markdown] id="a-map"
# ## A map of two questions
#
# **Who schedules it?** Who picks it, by itself, as the next one to run: the kernel, or its program (a library, a runtime, your
# code)?
#
# **Where does it run?** Has it code of its own in **user space**, where programs run? Or is it inside the kernel only? A
# pthread that reads a file is in the kernel for a moment, by a **system call**, and comes back. That does not move it on the
# map.
#
# Drag each card to its field, or click the card and then the field. When all are placed, press *check*.

# %% id="small-map" tags=["demo"]
from labkit.views.thread_map import thread_map

thread_map(cards=["greenlet", "pthread", "kworker"])

# %% id="predict-empty-field" tags=["predict"]
predict(
    "empty-field",
    "The map has four fields. With all the kinds of threads that there are: which field stays empty?",
    [
        "scheduled by its program, in user space",
        "scheduled by its program, inside the kernel only",
        "scheduled by the kernel, in user space",
        "none: there is something everywhere",
    ],
)

# %% [markdown] id="hard-cards"
# Now all of them. Some are hard; ask the two questions, and not what the name sounds like.
#
# - **PID 1** is the first process. The kernel starts it, as `init`.
# - A **goroutine** is M:N. Who knows it by itself, and not just the OS thread under it?
# - An **io_uring worker** belongs to a program: it does its reading and writing. It never leaves the kernel.
# - An **interrupt handler** runs when a device calls. Is it picked as the next one to run? There is a place beside the map, for
#   what is no thread at all.

# %% id="whole-map" tags=["demo"]
thread_map()

# %% id="map-solved" tags=["demo"]
reveal("empty-field", "B", because="A program's scheduler is code in user space. What it runs is there, too.")
thread_map(solved=True)

# %% [markdown] id="pass-and-be-wrong"
# ## How could this pass and be wrong?
#
# We counted tids, and took the number for the truth. A count is as good as the one who counts. Python has a count of its own:
# `threading.active_count()`. It looks simpler, and on most days the two agree. Here they do not.


# %% id="who-counts" tags=["break-it"]
def counted():
    before = threading.active_count()
    stop = Event()
    for _ in range(5):
        spawn(stop.wait)
    during = threading.active_count()
    stop.set()
    return during - before


print("new threads, by Python's count:", run(counted, machine="pthread").result)

# %% [markdown] id="ask-who-schedules"
# None! "So pthreads are user-level", one could say, with a number as proof. But labkit makes its pthreads with the C library,
# and Python was not told. Its count says what *Python* knows. If the question is who schedules, ask the scheduler: the kernel.
#
# Two more ways to count wrongly: too late, when the threads have ended; and everything that is there, Jupyter's threads too. So
# we took the list *before* and *during*, and looked at what is new.

# %% [markdown] id="keep"
# ## Keep three sentences
#
# 1. A thread is one flow of control; a process is a program being run, with memory of its own and one thread or more.
# 2. Ask of every thread who schedules it and where it runs: a pthread is scheduled *by* the kernel, a kthread lives *in* it,
#    and "kernel thread" is said of both.
# 3. Names and brackets prove nothing; what the kernel itself says does: tids for who is scheduled, PF_KTHREAD for who lives
#    inside.
#
# Now the [exercises](../exercises/01_two_meanings.ipynb). Next: [2. Stacks and shared memory](02_stacks.ipynb), where each
# thread has something of its own.
#
# The words are in the [glossary](../GLOSSARY.md).
