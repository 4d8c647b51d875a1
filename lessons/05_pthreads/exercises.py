# %% [markdown] id="title"
# # Exercises 5 · One thread, one pthread
#
# After these you have called `pthread_create` with your own hands, found your threads in the kernel's list, shown that C code
# runs beside Python, and can judge any sequence of join and detach.
#
# Four exercises, 5 points each, 5 to 15 lines each. Write where it says *write this part*, then run the check below it. Stuck?
# Run the cell `hint(...)`: it gives a nudge, then a pointer, then nearly the answer. They need Linux or macOS; 5b needs Linux,
# for `/proc`.

# %% id="doorway"
import ctypes
import errno
import gc
import os
import pathlib
import tempfile
import threading
import time
import weakref

from labkit import Event, now, run, spawn
from labkit.course import check, hint

libc = ctypes.CDLL(None)

# %% [markdown] id="5a-prose"
# ## 5a. pthread_create and pthread_join by hand
#
#     int pthread_create(pthread_t *handle, const pthread_attr_t *attr, void *(*start)(void *), void *arg);
#     int pthread_join(pthread_t handle, void **result);
#
# Both return 0, or an error number. A `pthread_t` is here a `ctypes.c_size_t()`; `ctypes.byref(it)` is its address; `None` is
# NULL.
#
# C keeps an **address** of your function, and Python does not know that. If the object behind the address is thrown away before
# the thread was joined, C jumps into nothing, sometimes. Below, `Callback(fn)` is such an object. A safety net holds what is
# underneath, so your mistake is reported and does not crash Jupyter.

# %% id="5a-callback"
START = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)  # void *start(void *)


class Callback:
    """A Python function as an address for C. The address is good for as long as this object lives."""

    net = []

    def __init__(self, fn):
        def body(_):
            fn()

        self._as_parameter_ = START(body)  # what ctypes hands to C in place of this object
        Callback.net.append(self._as_parameter_)


# %% id="5a-posix"
class Posix:
    """The two C functions. It notes each call, and refuses a join that C would not survive."""

    def __init__(self):
        self.calls, self.callbacks, self.freed_early, self.full = [], {}, 0, False

    def pthread_create(self, pointer, attr, start, arg):
        self.calls.append("create")
        error = errno.EAGAIN if self.full else libc.pthread_create(pointer, attr, start, arg)
        return error or self.callbacks.update({pointer._obj.value: weakref.ref(start)}) or 0

    def pthread_join(self, handle, result):
        self.calls.append("join")
        callback = self.callbacks.pop(handle.value, None)
        self.freed_early += callback is not None and callback() is None
        return libc.pthread_join(handle, result) if callback else errno.ESRCH


# %% id="5a-trial"
def trial(*values):
    """One pthread for each value; all wait at a gate until all have begun. Joined last one first."""
    posix.calls.clear()
    gate = threading.Event()

    def body(value):
        return value if gate.wait(2) else "the gate never opened"

    threads = [start_pthread(lambda value=value: body(value)) for value in values]
    gc.collect()
    gate.set()
    return [join_pthread(thread) for thread in reversed(threads)]


posix = Posix()


# %% id="5a-trials-of-errors"
def try_when_full():
    """What start_pthread does when the system has no room for one more thread."""
    posix.full = True
    try:
        return start_pthread(print)
    finally:
        posix.full = False


def join_again():
    thread = start_pthread(int)
    return join_pthread(thread), join_pthread(thread)


# %% id="5a-noted"
def noted(what, *values):
    """What posix has noted, "calls" or "freed_early", when a trial with these values is over."""
    trial(*values)
    return getattr(posix, what)


# %% [markdown] id="5a-task"
# Write two functions that use `posix.pthread_create` and `posix.pthread_join`. What `start_pthread` returns is yours to choose:
# it is only handed to `join_pthread`. If C returns an error number, raise `OSError(error, os.strerror(error))`. Join each
# thread once, and only when `join_pthread` is called.


# %% id="5a-solution" tags=["exercise"]
class MyThread:
    """What you need to remember of one pthread: fill it as you like."""


def start_pthread(fn):
    """Start a pthread that calls fn(), and return at once."""
    ### BEGIN SOLUTION
    thread = MyThread()

    def body():
        thread.result = fn()

    thread.handle = ctypes.c_size_t()
    thread.callback = Callback(body)  # Why: it must live until the thread was joined
    error = posix.pthread_create(ctypes.byref(thread.handle), None, thread.callback, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread
    ### END SOLUTION


def join_pthread(thread):
    """Wait until the pthread has ended, and return what its fn() returned."""
    ### BEGIN SOLUTION
    error = posix.pthread_join(thread.handle, None)
    if error:
        raise OSError(error, os.strerror(error))
    return thread.result
    ### END SOLUTION


# %% id="5a-hint" tags=["skip-execution"]
hint("5a")

# %% id="5a-check" tags=["check"]
check("trial('soup')", ["soup"], why="the pthread calls fn(), and join_pthread returns what fn() returned")
check("trial('soup', 'rice', 'tea')", ["tea", "rice", "soup"], why="each thread has a result of its own, whoever is joined first")
check("noted('calls', 1, 2, 3)", ["create"] * 3 + ["join"] * 3, why="each pthread is created once and joined exactly once")
check("noted('freed_early', 1, 2)", 0, why="the Callback must live until its thread was joined: C still holds its address")
check("join_again()", raises=OSError, why="a second pthread_join gives an error number (ESRCH), and nobody may overlook it")
### BEGIN HIDDEN TESTS
check("try_when_full()", raises=OSError, why="pthread_create may fail (EAGAIN); then there is no thread to join")
check("trial(*range(20))", list(range(19, -1, -1)), why="20 threads at once are no different from 3")
check("noted('calls', *range(20)).count('join')", 20, why="each pthread is joined exactly once")
check("trial(None, False)", [False, None], why="None and False are results like others")
check("noted('freed_early', *range(9))", 0, why="the Callback must live until its thread was joined: C holds its address")
### END HIDDEN TESTS

# %% [markdown] id="5b-prose"
# ## 5b. The kernel sees each one
#
# `/proc/self/task` has one folder per thread of this process; its name is the tid. Jupyter's own threads are in there too.
#
# Write `task_tids(folder)`: the tids in such a folder, as a set of numbers. Then `census(n)`, which runs *inside* a program: it
# spawns `n` threads and, **while all n are alive**, finds out which tids are new in the list. It returns two sets: the new tids
# in the kernel's list, and the tids that the `n` threads report of themselves (`threading.get_native_id()`). They should be the
# same set.

# %% id="5b-given"
made_up = pathlib.Path(tempfile.mkdtemp())
for tid in (7, 11, 2048):
    (made_up / str(tid)).mkdir()


# %% id="5b-complaints"


def complaints(n):
    """What is wrong with census(n): a list of sentences."""
    done = run(lambda: census(n), machine="pthread")
    new, own = done.result
    known = {thread.tid for thread in done.threads[1:]}
    found = {
        f"{len(known)} threads were spawned, not {n}": len(known) != n,
        "the pid is among the tids that the threads report": os.getpid() in own,
        "the threads report other tids than labkit knows": own != known,
        "of these threads, not all are among the new tids": not known <= new,
        "the new tids hold some that are not of these threads": not new <= known,
    }
    return [sentence for sentence, is_so in found.items() if is_so]


# %% id="5b-solution" tags=["exercise"]
def task_tids(folder="/proc/self/task"):
    """The tids in the folder, as a set of int."""
    ### BEGIN SOLUTION
    return {int(name) for name in os.listdir(folder)}
    ### END SOLUTION


def census(n):
    """(set of new tids in task_tids() while n threads are alive, set of the tids that they report)"""
    ### BEGIN SOLUTION
    before = task_tids()
    stop = Event()

    def member():
        stop.wait()
        return threading.get_native_id()

    members = [spawn(member) for _ in range(n)]
    new = task_tids() - before
    stop.set()
    return new, {thread.join() for thread in members}
    ### END SOLUTION


# %% id="5b-hint" tags=["skip-execution"]
hint("5b")

# %% id="5b-check" tags=["check"]
check("task_tids(made_up)", {7, 11, 2048}, why="the folder has three threads; a tid is a number, and '7' is a text")
check("complaints(1)", [], why="one thread adds one tid; the pid is the tid of the first thread")
check("complaints(5)", [], why="five living threads add five folders, and each knows its number")
### BEGIN HIDDEN TESTS
check("complaints(0)", [], why="no thread, nothing new: what was in the list before is not yours")
check("complaints(50)", [], why="1:1 holds for 50 as well")
check("os.getpid() in task_tids()", True, why="it reads the list of this process, whose first thread has tid = pid")
### END HIDDEN TESTS

# %% [markdown] id="5c-prose"
# ## 5c. Overlap, and what the GIL allows
#
# Two parts. **`overlaps(spans)`** counts the pairs of spans `(start, end)` that have time in common. Spans that only touch (one
# ends at 1, the other begins at 1) have none.
#
# **`worker(fd, started)`** runs as a pthread. It takes `now()`, appends it to `started`, and then waits *in C* until `fd` can
# be read: call the C function `poll(wish(fd), 1, 1500)`, where 1500 is a limit in ms. It returns its span: `(that first now(),
# now() at the end)`.
#
# Choose how you load the C library. `meet` lets `n` workers in, and writes to `fd` only when all have started. A worker that
# keeps the GIL in C lets nobody else start.


# %% id="5c-given"
class Pollfd(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short)]


def wish(fd):
    """What poll(2) is asked: tell me when fd can be read."""
    return ctypes.byref(Pollfd(fd, 1, 0))


# %% id="5c-meet"
def meet(n):
    """The spans of n workers. No switch is forced on anybody: timeslice_ms is a minute."""
    get, put = os.pipe()

    def main():
        started = []
        threads = [spawn(worker, get, started) for _ in range(n)]
        while len(started) < n and any(thread.state != "EXITED" for thread in threads):
            time.sleep(0.001)
        os.write(put, bytes(n))
        return [thread.join() for thread in threads]

    return run(main, machine="pthread", timeslice_ms=60_000).result


# %% id="5c-solution" tags=["exercise"]
def overlaps(spans):
    """How many pairs of spans have time in common."""
    ### BEGIN SOLUTION
    return sum(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in spans[:i])
    ### END SOLUTION


def worker(fd, started):
    """Wait in C until fd can be read; return (start, end)."""
    ### BEGIN SOLUTION
    start = now()
    started.append(start)
    ctypes.CDLL(None).poll(wish(fd), 1, 1500)  # Why: a CDLL releases the GIL for the time of the call
    return start, now()
    ### END SOLUTION


# %% id="5c-hint" tags=["skip-execution"]
hint("5c")

# %% id="5c-check" tags=["check"]
check("overlaps([(0, 2), (1, 3)])", 1, why="both are there from 1 to 2")
check("overlaps([(0, 1), (1, 2)])", 0, why="one ends as the other begins: they only touch")
check("overlaps([(0, 9), (1, 2), (3, 4)])", 2, why="the long one overlaps both short ones, which do not overlap each other")
check("overlaps(meet(3))", 3, why="three workers that release the GIL are in C together: 3 pairs. Who keeps it is there alone")
### BEGIN HIDDEN TESTS
check("overlaps([])", 0, why="no spans, no pairs")
check("overlaps([(3, 4), (0, 9), (1, 2)])", 2, why="the order of the list says nothing about time")
check("overlaps([(0, 1)] * 4)", 6, why="equal spans overlap too: 4 of them make 6 pairs")
check("overlaps([(5, 6), (0, 2), (1, 3), (2, 4)])", 2, why="only neighbours in time have a moment in common here")
check("overlaps(meet(4))", 6, why="four workers in C together: 6 pairs")
### END HIDDEN TESTS

# %% [markdown] id="5d-prose"
# ## 5d. Detach and join, used wrongly
#
# A pthread is **joinable** until it was joined or detached, once. What pthread_join(3) and pthread_detach(3) say:
#
# | calls | verdict |
# |---|---|
# | joinable, then `join` or `detach` | allowed |
# | `join` or `detach` of one that was joined or detached | undefined, or an error number |
# | never joined, never detached | a "zombie thread": its stack and its result stay |
# | `join-self` | EDEADLK: it would wait for its own end |
#
# `exit` (its function returns) frees nothing: a joinable thread that has ended waits for its join. Detaching it then is
# allowed. `create-detached` makes it detached from the start.

# %% [markdown] id="5d-task"
# Write `judge(calls)`: a list of calls on one thread, in order. It returns
#
# - `"fine"`,
# - `"zombie"`, if at the end nobody joined or detached it,
# - or what is wrong with the **first** wrong call, as `"<call> after <call>"`: `"join after detach"`, `"detach after join"`,
#   `"join after join"`, `"detach after detach"`. For a thread that was created detached say `after detach`. For `join-self` of
#   a joinable thread: `"joins itself"`.


# %% id="5d-solution" tags=["exercise"]
def judge(calls):
    """Verdict on the calls for one thread, for example judge(["create", "join"])."""
    ### BEGIN SOLUTION
    released = "detach" if calls[0] == "create-detached" else None
    for call in calls[1:]:
        if call == "exit":
            continue
        if released:
            return f"{call} after {released}"
        if call == "join-self":
            return "joins itself"
        released = call
    return "fine" if released else "zombie"
    ### END SOLUTION


# %% id="5d-hint" tags=["skip-execution"]
hint("5d")

# %% id="5d-check" tags=["check"]
check("judge('create exit join'.split())", "fine", why="joined once, after its end: a thread that ended stays joinable")
check("judge('create detach exit'.split())", "fine", why="detached once: it cleans up after itself")
check("judge('create join join'.split())", "join after join", why="after the first join the handle may belong to another thread")
check("judge('create detach join'.split())", "join after detach", why="nobody can wait for a detached thread")
check("judge('create exit'.split())", "zombie", why="exit frees nothing: somebody must join or detach it")
check("judge('create-detached exit'.split())", "fine", why="created detached, it needs neither join nor detach")
check("judge('create join-self'.split())", "joins itself", why="EDEADLK: it would wait for its own end")
### BEGIN HIDDEN TESTS
check("judge('create exit detach'.split())", "fine", why="a joinable thread that has ended may still be detached")
check("judge('create-detached join'.split())", "join after detach", why="created detached means never joinable")
check("judge('create-detached detach'.split())", "detach after detach", why="it was detached already")
check("judge('create detach detach'.split())", "detach after detach", why="twice is unspecified: pthread_detach(3)")
check("judge('create join detach'.split())", "detach after join", why="after join there is nothing left to detach")
check("judge('create detach exit join'.split())", "join after detach", why="its end does not make it joinable")
check("judge('create detach join detach'.split())", "join after detach", why="the first wrong call counts")
check("judge(['create'])", "zombie", why="it will end, and nobody will have joined or detached it")
### END HIDDEN TESTS

# %% [markdown] id="keep"
# Done? Then you know what `spawn` and `join` do for you: they keep the callback, check every number that C returns, and join
# once.
#
# Ask yourself of 5c: how could it pass and be wrong? (What would it say of threads that spin in Python?)
#
# The words are in the [glossary](../GLOSSARY.md).
