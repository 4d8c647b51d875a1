# %% [markdown] id="title"
# # Exercises 2 · Stacks and shared memory
#
# Five exercises. Fill in the solution cells, then run the check cell below each. A check that fails says what it expected,
# and why. Stuck? `hint("2a")` gives a nudge, then a pointer, then nearly the answer.
#
# 2a to 2d are Python. 2e is C: it needs a C compiler, and its text tells you what to install if there is none.

# %% id="imports"
from functools import cache

from labkit import current_thread, explore, native, run, sched_yield, spawn  # noqa: F401 — the checks use them
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("2a")

# %% [markdown] id="2a-text"
# ## 2a · Where is it?
#
# A real program with two threads, A and B, has noted the address of each of its variables, and then its
# `/proc/self/maps` (Debian 12, x86-64; some lines of libraries are left out). One line is one stretch of memory:
#
# `start-end perms offset device inode path`, the addresses in base 16; **end is the first address that no longer belongs to it**.
#
# The list does not know threads: their stacks have no name. But below each lies a page that nobody may touch (`---p`). Not
# every `---p` is one: malloc keeps a large stretch in reserve.

# %% id="2a-low"
LOW = """565337ecd000-565337ece000 r--p 00000000 fe:00 3253248     /home/ada/places
565337ece000-565337ecf000 r-xp 00001000 fe:00 3253248     /home/ada/places
565337ecf000-565337ed0000 r--p 00002000 fe:00 3253248     /home/ada/places
565337ed0000-565337ed1000 r--p 00002000 fe:00 3253248     /home/ada/places
565337ed1000-565337ed2000 rw-p 00003000 fe:00 3253248     /home/ada/places
565337ed2000-565337edb000 rw-p 00000000 00:00 0
565375414000-565375435000 rw-p 00000000 00:00 0           [heap]
7fbaf0000000-7fbaf0021000 rw-p 00000000 00:00 0
7fbaf0021000-7fbaf4000000 ---p 00000000 00:00 0
7fbaf408f000-7fbaf4090000 ---p 00000000 00:00 0
"""

# %% id="2a-high"
HIGH = """7fbaf4090000-7fbaf4890000 rw-p 00000000 00:00 0
7fbaf4890000-7fbaf4891000 ---p 00000000 00:00 0
7fbaf4891000-7fbaf5091000 rw-p 00000000 00:00 0
7fbaf5091000-7fbaf5094000 rw-p 00000000 00:00 0
7fbaf5094000-7fbaf50ba000 r--p 00000000 fe:00 339380      /usr/lib/x86_64-linux-gnu/libc.so.6
7fbaf50ba000-7fbaf5210000 r-xp 00026000 fe:00 339380      /usr/lib/x86_64-linux-gnu/libc.so.6
7fbaf5210000-7fbaf5263000 r--p 0017c000 fe:00 339380      /usr/lib/x86_64-linux-gnu/libc.so.6
7fbaf5282000-7fbaf5286000 r--p 00000000 00:00 0           [vvar]
7fbaf5288000-7fbaf528a000 r-xp 00000000 00:00 0           [vdso]
7ffeaddb6000-7ffeaddd7000 rw-p 00000000 00:00 0           [stack]
"""
MAPS = LOW + HIGH

# %% id="2a-given"
ADDRESSES = {
    "work": 0x565337ECE1B9, "constant": 0x565337ECF07F, "begun": 0x565337ED1058, "zeros": 0x565337ED5EE0,
    "made": 0x5653754142A0, "printf": 0x7FBAF50E65B0,
    "main's local": 0x7FFEADDD56BC, "A's local": 0x7FBAF508FECC, "B's local": 0x7FBAF488EECC,
}  # fmt: skip


def read_maps(maps):
    """Each line as (start, end, perms, path); the path is empty where there is none."""
    rows = [line.split() for line in maps.splitlines()]
    spans = [[int(end, 16) for end in row[0].split("-")] for row in rows]
    return [(start, end, row[1], " ".join(row[5:])) for (start, end), row in zip(spans, rows, strict=True)]


# %% [markdown] id="2a-task"
# Write `where_is(maps, address)`. It returns one word:
#
# | the address lies in | say |
# |---|---|
# | the program's own file (the first line names it), with x | `"text"` |
# | one with w | `"data"` |
# | one with neither | `"rodata"` |
# | no path, and begins where `data` ends | `"bss"` |
# | `[heap]`, `[stack]` | `"heap"`, `"stack"` |
# | `---p`, no path, and the next line begins where it ends | `"guard"` |
# | the line right above a guard | `"stack"` |
# | another file (its path begins with /) | `"library"` |
# | any other line | `"other"` |
# | no line at all | `"nowhere"` |


# %% id="2a-solution" tags=["exercise"]
def where_is(maps, address):
    """What lies at this address, in one word."""
    ### BEGIN SOLUTION
    lines = read_maps(maps)
    program = lines[0][3]
    kind, end_below = "nowhere", 0
    for i, (start, end, perms, path) in enumerate(lines):
        touches = start == end_below
        if path == program:
            kind = "text" if "x" in perms else "data" if "w" in perms else "rodata"
        elif path in ("[heap]", "[stack]"):
            kind = path.strip("[]")
        elif path:
            kind = "library" if path.startswith("/") else "other"
        elif touches and kind == "data":
            kind = "bss"
        elif touches and kind == "guard":
            kind = "stack"
        elif perms == "---p" and i + 1 < len(lines) and lines[i + 1][0] == end:
            kind = "guard"
        else:
            kind = "other"
        if start <= address < end:
            return kind
        end_below = end
    return "nowhere"
    ### END SOLUTION


# %% id="2a-tools"
def places(maps=MAPS, by=0):
    """Where each variable of the program is; by: how far everything was moved."""
    return {name: where_is(maps, address + by) for name, address in ADDRESSES.items()}


def moved(by):
    """The same maps as another run would have them: the kernel puts things elsewhere every time."""
    rows = [line.split(" ", 1) for line in MAPS.splitlines()]
    return "".join("-".join(f"{int(end, 16) + by:x}" for end in row[0].split("-")) + f" {row[1]}\n" for row in rows)


# %% id="2a-check" tags=["check"]
check("where_is(MAPS, ADDRESSES['begun'])", "data", why="a global with a first value comes from the program's file, writable")
check("[where_is(MAPS, ADDRESSES[n]) for n in ('work', 'constant')]", ["text", "rodata"], why="machine code; a constant")
check("where_is(MAPS, ADDRESSES['zeros'])", "bss", why="what begins as 0 is in no file: a line without a path, right after data")
check("where_is(MAPS, ADDRESSES['printf'])", "library", why="printf is code too, but of another file than the program's")
check("[places()[f'{name} local'] for name in (\"main's\", \"A's\", \"B's\")]", ["stack"] * 3, why="only main's has a name")
check("where_is(MAPS, 0x7fbaf4890fff)", "guard", why="the last byte of the page below A's stack; one higher the stack begins")
check("where_is(MAPS, 0x7fbaf1000000)", "other", why="malloc's reserve: ---p, but no stack begins where it ends")
check("where_is(MAPS, 0)", "nowhere", why="address 0, C's NULL, is in no line")
### BEGIN HIDDEN TESTS
check("where_is(MAPS, 0x7fbaf4891000)", "stack", why="the first byte above the guard page belongs to the stack")
check("where_is(MAPS, 0x7fbaf4890000)", "guard", why="end does not belong to B's stack: this is the guard page of A")
check("where_is(MAPS, 0x7fbaf488ffff)", "stack", why="the last byte of B's stack")
check("where_is(MAPS, 0x7fbaf408efff)", "nowhere", why="one byte below B's guard page there is nothing")
check("where_is(MAPS, 0x7fbaf5091000)", "other", why="a line above a stack is no stack")
check("where_is(MAPS, 0x7fbaf0000010)", "other", why="memory without a name that follows nothing known")
check("[where_is(MAPS, a) for a in (0x565337ed1fff, 0x565337ed2000)]", ["data", "bss"], why="where data ends, bss begins")
check("list(places(moved(0x7000), 0x7000).values())",
      ["text", "rodata", "data", "bss", "heap", "library", "stack", "stack", "stack"], why="another run, other addresses")
check("where_is(moved(0x7000), 0x7fbaf4897fff)", "guard", why="another run, other addresses: read them from the maps")
check("list(places(MAPS.replace('/home/ada/places', '/bin/x')).values())[:4]", ["text", "rodata", "data", "bss"],
      why="the program's file is the one of the first line")
### END HIDDEN TESTS

# %% [markdown] id="2b-text"
# ## 2b · Share this, not that
#
# `sign(book, name)` writes a name into a guest book. While it does so, other threads may run.
#
# **First** write `guests(names)`. It makes **one** guest book, an empty list, as a local variable. It starts one thread for each
# name; each signs that one book with its own name. When all have ended, it returns the book. So you need both: the book must be
# shared, the name must not.
#
# **Then** repair `totals_broken`. One thread adds up each bill; but in some orders the sums are wrong. Write `totals(bills)`: one
# thread for each bill, all at work at the same time, the sums in the order of the bills.


# %% id="2b-given"
def sign(book, name):
    sched_yield()
    book.append(name)


def totals_broken(bills):
    total = 0

    def add_up(bill):
        nonlocal total  # BUG (on purpose): whose total?
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]


# %% id="2b-pay"
payers = []


def pay(price):
    """Pay for one thing; meanwhile other threads may run."""
    payers.append(current_thread().name)
    sched_yield()
    return price


def broken():
    return totals_broken([[1, 2], [10, 20]])


[run(broken, machine="preemptive", timeslice_points=points).result for points in (1, 2, 3, 4)]


# %% id="2b-solution" tags=["exercise"]
def guests(names):
    """One thread for each name signs the one guest book; return the book."""
    ### BEGIN SOLUTION
    book = []
    threads = [spawn(sign, book, name) for name in names]
    for thread in threads:
        thread.join()
    return book
    ### END SOLUTION


def totals(bills):
    """One thread for each bill adds it up; the sums, in the order of the bills."""
    ### BEGIN SOLUTION
    def add_up(bill):
        total = 0
        for price in bill:
            total += pay(price)
        return total

    return [thread.join() for thread in [spawn(add_up, bill) for bill in bills]]
    ### END SOLUTION


# %% id="2b-tools"
def who_signed():
    return tuple(sorted(guests(["Ada", "Bo", "Cy"])))


def sums():
    return tuple(totals([[1, 2], [10, 20]]))


def takes_turns():
    """Whether somebody paid between two payments of another thread."""
    payers.clear()
    run(lambda: totals([[1, 1, 1], [2, 2, 2]]))
    return len(set(payers)) == 2 and payers != sorted(payers)


# %% id="2b-check" tags=["check"]
check("run(who_signed).result", ("Ada", "Bo", "Cy"), why="one book for all; a name for each, which a closure cell is not")
check("run(lambda: guests([])).result", [], why="nobody came: the book is empty, and it is a list")
check("run(sums).result", (3, 30), why="nobody else may have a way to the total of a bill: no cell, no default list")
check("takes_turns()", True, why="one thread for each bill, all of them at work before the first is joined")
check("set(explore(who_signed).outcomes)", {("Ada", "Bo", "Cy")}, why="in every order, each thread signs with its own name")
check("set(explore(sums).outcomes)", {(3, 30)}, why="in every order: the total lives in the frame of one call")
### BEGIN HIDDEN TESTS
check("run(lambda: [totals([[5], [6]]), totals([[7]])]).result", [[5, 6], [7]], why="a second call begins from nothing")
check("run(lambda: [guests(['x']), guests(['y'])]).result", [["x"], ["y"]], why="each call of guests has a book of its own")
check("run(lambda: totals([[], [4]])).result", [0, 4], why="an empty bill is 0")
check("run(lambda: sorted(guests(['n'] * 3))).result", ["n"] * 3, why="equal names are three guests, and three threads")
### END HIDDEN TESTS

# %% [markdown] id="2c-text"
# ## 2c · A drawer for each thread
#
# Sometimes a function needs a variable that is global (every function finds it) and yet not shared (each thread has its own). C
# has `_Thread_local` and pthread_key_create(3). Python has `threading.local`, but that belongs to a thread of the *operating
# system*, and here many threads share one.
#
# Write `PerThread`: `set(value)` keeps a value for the thread that calls; `get(default)` gives the calling thread its own, or
# default if it has set none. `current_thread()` says who calls.
#
# When a thread ends, what it has kept must go. `at_end(call)` makes sure that `call()` is made at the end of the calling
# thread. `len(drawer)` is how many values are being kept.

# %% id="2c-given"
ends = {}  # thread → what is to be called at its end


def at_end(call):
    """Have call() called when the current thread ends."""
    if current_thread() not in ends:
        raise RuntimeError("this thread was not started with begin(): nobody would see its end")
    ends[current_thread()].append(call)


# %% id="2c-begin"
def begin(fn, *args):
    """Like spawn(fn, *args), but calls in the end what the thread has asked for with at_end()."""

    def body():
        ends[current_thread()] = []
        try:
            return fn(*args)
        finally:
            for call in ends.pop(current_thread()):
                call()

    return spawn(body)


# %% id="2c-solution" tags=["exercise"]
class PerThread:
    """One variable, and for each thread a value of its own."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.values = {}
        ### END SOLUTION

    def set(self, value):
        """Keep a value for the calling thread, until that thread ends."""
        ### BEGIN SOLUTION
        me = current_thread()
        if me not in self.values:
            at_end(lambda: self.values.pop(me))
        self.values[me] = value
        ### END SOLUTION

    def get(self, default=None):
        """What the calling thread has kept; default if nothing."""
        ### BEGIN SOLUTION
        return self.values.get(current_thread(), default)
        ### END SOLUTION

    def __len__(self):
        """How many threads have a value here."""
        ### BEGIN SOLUTION
        return len(self.values)
        ### END SOLUTION


# %% [markdown] id="2c-tools-text"
# `visit(machine, name)` lets three threads set 0, 1, 2, waits until all have, and lets each read its value back: the three
# answers, how many values are kept meanwhile, how many when all have ended. With a name, all three threads rename themselves
# to that name first: a name is no more than a label, and the system lets two threads have the same (pthread_setname_np(3)).


# %% id="2c-tools"
def visitor(drawer, number, name, ready, go):
    current_thread().name = name or current_thread().name
    drawer.set(number)
    ready.append(number)
    while not go:
        sched_yield()
    return drawer.get("nothing")


# %% id="2c-visit"
def visit(machine="cooperative", name=None):
    def main():
        drawer, ready, go = PerThread(), [], []
        threads = [begin(visitor, drawer, number, name, ready, go) for number in range(3)]
        while len(ready) < 3 and all(thread.state != "EXITED" for thread in threads):
            sched_yield()
        during = len(drawer)
        go.append(True)
        return [thread.join() for thread in threads], during, len(drawer)

    return run(main, machine=machine).result


# %% id="2c-more-tools"
def one_thread(*calls):
    """What a thread gets that makes these calls on two drawers: ("set", 0, "x") sets drawer 0; ("get", 1) reads drawer 1."""
    drawers = [PerThread(), PerThread()]

    def body():
        return [getattr(drawers[which], verb)(*rest) for verb, which, *rest in calls]

    def main():
        return [got for (verb, *_), got in zip(calls, begin(body).join(), strict=True) if verb == "get"], len(drawers[0])

    return run(main).result


# %% id="2c-check" tags=["check"]
check("visit()", ([0, 1, 2], 3, 0), why="each reads back its own value; when all have ended nothing is kept")
check("visit(name='worker')", ([0, 1, 2], 3, 0), why="three threads may have one name: a name does not say who somebody is")
check("visit('pthread')", ([0, 1, 2], 3, 0), why="the same on threads of the operating system")
check("one_thread(('get', 0, 'none'), ('set', 0, 'x'), ('get', 0, 'none'))", (["none", "x"], 0), why="default until it is set")
check("one_thread(('set', 0, 'x'), ('get', 1, 'none'))", (["none"], 0), why="two drawers are two variables")
### BEGIN HIDDEN TESTS
check("one_thread(('set', 0, 'x'), ('set', 0, 'y'), ('get', 0))", (["y"], 0), why="set twice: the newer value, and one end")
check("one_thread(('set', 0, None), ('get', 0, 'none'))", ([None], 0), why="None is a value like others")
check("one_thread(('set', 0, 'x'), ('get', 0), ('get', 0))", (["x", "x"], 0), why="a value stays until its thread ends")
check("one_thread(('get', 0, 'a'), ('get', 0, 'b'))", (["a", "b"], 0), why="a default is not kept")
### END HIDDEN TESTS

# %% [markdown] id="2d-text"
# ## 2d · How deep can it go?
#
# A thread's stack has a fixed size, and below it lies the guard page. Each call puts a frame on the stack,
# which grows **downwards**; `first` bytes are used before our first call. Write three functions:
#
# - `frame_bytes(addresses)`: the addresses of one local variable in the first call, the second, and so on. How large is a frame?
# - `calls_that_fit(stack_bytes, first, frame)`: how many calls, one inside the other, does a stack hold?
# - `stack_for(calls, first, frame)`: the smallest stack for so many calls, in bytes: whole pages of 4,096.
#
# Then a real thread digs, in C. (No compiler: `pip install 'labkit[native]'`, or recorded figures stand in.)

# %% id="2d-program"
DIG = r"""#include <stdio.h>
#include "uthread.h"
static int calls; static char *at[4000];
static void dig(int n) {
    volatile char room[300]; for (int i = 0; i < 300; i++) room[i] = n;
    at[n] = (char *)room; if (n + 1 < calls) dig(n + 1);
    room[0]++; /* still something to do after the call: it is no jump */ }
static void *work(void *arg) { dig(0); return arg; }
int main(void) {
    if (scanf("%d %zu", &calls, &uthread_stack_bytes) == 2) uthread_join(uthread_create("digger", work, NULL));
    for (int n = 0; n < calls; n++) printf("%p\n", (void *)at[n]);
    return 0; }"""

# %% id="2d-measure"
RECORDED = [0x7FFFF600EE90, 0x7FFFF600ED50, 0x7FFFF600EC10], 0x7FFFF600F000  # three calls of dig, and the top of the stack


@cache
def dig(calls, stack_bytes):
    """The real run; None where there is no compiler."""
    try:
        return native.run(DIG, stdin=f"{calls} {stack_bytes}")
    except native.NoCompiler:
        return None


# %% id="2d-survives"
@cache
def measured():
    """(addresses of room in three calls, first, frame) as they really are."""
    done = dig(3, 65_536)
    addresses, top = RECORDED if done is None else ([int(word, 16) for word in done.stdout.split()], done.stacks[-1].high)
    frame = addresses[0] - addresses[1]
    return addresses, top - addresses[0] - frame, frame


def survives(calls, stack_bytes):
    """Whether a thread with such a stack comes back from so many calls."""
    _, first, frame = measured()
    done = dig(calls, stack_bytes)
    return first + calls * frame <= stack_bytes if done is None else done.verdict() == ""


# %% id="2d-solution" tags=["exercise"]
def frame_bytes(addresses):
    """Bytes of one frame, from the addresses of one local in successive calls."""
    ### BEGIN SOLUTION
    return addresses[0] - addresses[1]
    ### END SOLUTION


def calls_that_fit(stack_bytes, first, frame):
    """How many calls a stack holds."""
    ### BEGIN SOLUTION
    return (stack_bytes - first) // frame
    ### END SOLUTION


def stack_for(calls, first, frame):
    """Bytes of the smallest stack, in whole pages, that holds so many calls."""
    ### BEGIN SOLUTION
    pages = -(-(first + calls * frame) // 4096)
    return pages * 4096
    ### END SOLUTION


# %% [markdown] id="2d-tools-text"
# `deepest()` lets a real thread with 64 KiB make as many calls as you say that fit, and then one more. `tightest()` lets one
# make 100 calls, or a few more, with the stack that you choose, and then with one page less. Both should say
# `(True, False)`: it comes back, and it does not.


# %% id="2d-tools"
def deepest():
    _, first, frame = measured()
    most = calls_that_fit(65_536, first, frame)
    return survives(most, 65_536), survives(most + 1, 65_536)


def tightest():
    _, first, frame = measured()
    calls = next(n for n in range(100, 200) if 700 < (first + n * frame) % 4096 < 3400)  # not just at the edge of a page
    enough = stack_for(calls, first, frame)
    return survives(calls, enough), survives(calls, enough - 4096)


# %% id="2d-check" tags=["check"]
check("frame_bytes([0x7f00_5000, 0x7f00_4f00, 0x7f00_4e00])", 256, why="each call lies 0x100 bytes below its caller")
check("calls_that_fit(1000, 100, 300)", 3, why="100 are used already, and 3 frames of 300 fill the rest exactly")
check("calls_that_fit(999, 100, 300)", 2, why="one byte is missing for the third frame, and there the guard page begins")
check("stack_for(10, 0, 4096)", 40_960, why="ten pages hold ten frames of a page; the guard page is no room")
check("stack_for(10, 1, 4096)", 45_056, why="one byte more needs one page more")
check("frame_bytes(measured()[0]) == measured()[2]", True, why="addresses of a real run: what is the distance of two calls?")
check("deepest()", (True, False), why="a real thread comes back from all that fit, and dies of one more")
check("tightest()", (True, False), why="a real thread comes back, and with one page less it meets its guard page")
### BEGIN HIDDEN TESTS
check("frame_bytes([0x9000, 0x8000])", 4096, why="two calls are enough to see a distance")
check("calls_that_fit(65_536, 48, 320)", 204, why="(65536 - 48) / 320 is 204.65, and a frame fits whole or not at all")
check("calls_that_fit(16_384, 48, 16_337)", 0, why="not even one")
check("stack_for(0, 48, 320)", 4096, why="what is used before the first call needs a page too")
check("stack_for(204, 48, 320)", 65_536, why="65,328 bytes need 16 pages")
check("stack_for(100, 48, 320)", 32_768, why="32,048 bytes need 8 pages")
### END HIDDEN TESTS

# %% [markdown] id="2e-text"
# ## 2e · Repair it in C
#
# `start` should start n threads and give each its own number: 0, 1, 2 … Each thread calls `deliver(number)`, lets others run,
# and calls `deliver(number)` once more. It does not work: two variables are reached by those who should not reach them. Write
# `repaired()`, the C text of `work` and `start`.
#
# - `start` makes n threads (at most 16), and comes back **at once**: it joins nobody. After that its frame is gone.
# - A thread may begin as late as it likes.
# - A number can travel in a pointer, `UTHREAD_ARG(7)`, and back: `(int)(long)arg`. malloc and free are there too.
#
# (No compiler: `apt install gcc libc6-dev`, or `pip install 'labkit[native]'`.)

# %% id="2e-broken" tags=["needs-cc"]
BROKEN = r"""
static void *work(void *arg)
{
    static int number; /* BUG (on purpose) */
    number = *(int *)arg;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL; }
static void start(int n, uthread_t *threads) {
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, &i); /* BUG (on purpose) */ }"""

# %% [markdown] id="2e-tools-text"
# The next two cells are the rest of the program. Threads are slow to begin (`late`), and `scribble` writes over what `start` has
# left on main's stack. main counts what is wrong: numbers that were not delivered exactly twice, by the thread that should
# have them, and numbers that nobody was given.

# %% id="2e-head" tags=["needs-cc"]
HEAD = r"""#include <stdio.h>
#include <stdlib.h>
#include "uthread.h"
enum { MOST = 16 };
static struct { void *(*fn)(void *); void *arg; } todo[MOST];
static int created, strays, times[MOST], by[MOST];
static void start(int n, uthread_t *threads) __attribute__((noinline)); /* a call of its own, with a frame of its own */
static void deliver(int number) {
    if (number < 0 || number >= MOST) { strays++; return; }
    by[number] = times[number]++ && by[number] != uthread_self() ? -1 : uthread_self(); }
static void *late(void *job) { for (int i = 0; i < 5; i++) uthread_yield(); return todo[(long)job].fn(todo[(long)job].arg); }
static uthread_t slow(void *(*fn)(void *), void *arg) {
    todo[created].fn = fn; todo[created].arg = arg; return uthread_create(NULL, late, UTHREAD_ARG(created++)); }"""

# %% id="2e-tail" tags=["needs-cc"]
TAIL = r"""
#undef uthread_create
static void __attribute__((noinline)) scribble(void) { volatile char all[4096]; for (int i = 0; i < 4096; i++) all[i] = 77; }
int main(void) {
    uthread_t threads[MOST]; int n, wrong = 0;
    if (scanf("%d", &n) != 1) return 99;
    start(n, threads);
    scribble();
    for (int i = 0; i < n; i++) uthread_join(threads[i]);
    for (int i = 0; i < MOST; i++) wrong += i < n ? times[i] != 2 || by[i] != threads[i] : times[i] != 0;
    return wrong + strays;
}"""

# %% id="2e-outcome" tags=["needs-cc"]
@cache
def compiled_and_run(source, machine, n):
    text = HEAD + "\n#define uthread_create(name, fn, arg) slow((fn), (arg))\n#line 1\n" + source + TAIL
    return native.run(text, machine, stdin=str(n), name="repaired.c", limits=native.Limits(seconds=2))


def outcome(machine="uthread", n=4, source=None):
    """How it went: what main returned (0: nothing is wrong), what else went wrong, and how many threads there were."""
    done = compiled_and_run(repaired() if source is None else source, machine, n)
    told = done.verdict()
    trouble = "" if told.startswith("exit code") else told
    return {"wrong": done.exit, "trouble": trouble, "threads": len(done.trace.threads) - 1}


# %% id="2e-solution" tags=["exercise", "needs-cc"]
def repaired():
    """The C text of work() and start()."""
    ### BEGIN SOLUTION
    return r"""
static void *work(void *arg)
{
    int number = (int)(long)arg;
    deliver(number);
    uthread_yield();
    deliver(number);
    return NULL;
}
static void start(int n, uthread_t *threads)
{
    for (int i = 0; i < n; i++)
        threads[i] = uthread_create(NULL, work, UTHREAD_ARG(i));
}
"""
    ### END SOLUTION


# %% id="2e-check" tags=["check", "needs-cc"]
check("outcome()", {"wrong": 0, "trouble": "", "threads": 4}, why="whose variable does a thread read? is it still there?")
check("outcome('pthread')", {"wrong": 0, "trouble": "", "threads": 4}, why="the same on threads of the operating system")
check("outcome('uthread-preemptive')", {"wrong": 0, "trouble": "", "threads": 4}, why="the same under a timer")
check("outcome(n=1)", {"wrong": 0, "trouble": "", "threads": 1}, why="one thread alone has a number of its own too")
### BEGIN HIDDEN TESTS
check("outcome(n=16)", {"wrong": 0, "trouble": "", "threads": 16}, why="sixteen threads need sixteen numbers")
check("outcome('pthread', 16)", {"wrong": 0, "trouble": "", "threads": 16}, why="sixteen threads of the operating system")
check("outcome(n=0)", {"wrong": 0, "trouble": "", "threads": 0}, why="none is a number of threads too")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# 2b tried every order, but of two bills. In 2d the size of a frame was measured with one compiler; another one, or another
# option, makes other frames. And 2e could not *see* who reaches a variable: it made threads slow and wrote over dead frames,
# so that the two mistakes that we expected show.
#
# **Keep this.** A frame belongs to one call of one thread, and is gone when the call returns. What is shared is shared by those
# who have its address. A page without permissions is the cheapest guard there is.
#
# [Lesson 2](../notebooks/02_stacks.ipynb) · Words: [glossary](../GLOSSARY.md)
