# %% [markdown] id="title"
# # 2 · Stacks and shared memory
#
# Several threads run in one program. Which variables of one can another reach? After this you can …
#
# - say of any variable where it lives, and who else can reach it;
# - say what a stack, a frame, the heap, `.data`, `.bss`, thread-local storage and a guard page are, and find each among the real
#   addresses of a running program;
# - share what should be shared, and keep the rest to one thread;
# - tell what happens when a stack is used up, or a pointer kept for too long.
#
# First in Python, then in C, where addresses can be seen. You need lesson 1, and no C. About 90 minutes.

# %% id="imports"
import os
import re
import threading

from IPython.display import display

from labkit import native, run, sched_yield, spawn
from labkit.course import predict, reveal
from labkit.look import look

# %% [markdown] id="two-questions"
# ## Two questions
#
# Of every variable we ask two questions:
#
# 1. **Where does it live?**
# 2. **Who else can reach it?**
#
# Begin with the plainest kind, a variable inside a function: a **local variable**. Below, two threads run the *same* function at
# the same time. `sched_yield()` lets the other one run in the middle of it. `spawn` starts a thread; `join` waits for its end
# and brings back what its function returned.


# %% id="count"
def count(times):
    total = 0
    while total < times:
        total += 1
        sched_yield()
    return total


def two_counts():
    threads = [spawn(count, 3, name="A"), spawn(count, 5, name="B")]
    sched_yield()
    look("both have begun")
    return [thread.join() for thread in threads]


# %% id="predict-totals" tags=["predict"]
predict(
    "own-totals",
    "A counts to 3 while B counts to 5. Both use the name total. What do they return?",
    ["3 and 5", "8 and 8: they count together", "it depends on who comes when"],
)

# %% id="own-totals" tags=["demo"]
counted = run(two_counts)
reveal("own-totals", "A" if counted.result == [3, 5] else "B", because="There were two variables called total: one per call.")
display(counted.timeline())
look()

# %% [markdown] id="what-a-frame-is"
# ## Frames on a stack
#
# They took turns, and did not disturb each other. Why? The name stands in the program once. The variable does not.
#
# When a function is **called**, it gets a fresh piece of memory for its local variables: a **frame**. When it returns, the frame
# is gone. If it calls another function before that, the new frame is put *on top*, and comes off first. A pile on which one puts
# and takes at one end only is called a **stack**.
#
# A thread is somewhere in the middle of its calls, so each needs a pile of its own. `look("…")` took a picture of all piles at
# that moment, and `look()` shows it.

# %% [markdown] id="claim-b1"
# Three stacks in the picture: main's, A's, B's. `total` is there twice, in two frames on two stacks.
#
# > **Claim B1.** "Each thread has its own stack."
# > **Verdict: true.**
#
# The run: the picture above, and real addresses below, in C. The source: pthreads(7), "each thread has its own stack (automatic
# variables)". Automatic is an old word for local.
#
# ## A name is not the thing
#
# So a local variable is private? Careful. In Python a name only *leads* to a thing. The name is in the frame; the thing, a list
# for example, lies elsewhere, on the **heap**: memory for what may outlive a call, or be reached from several.


# %% id="one-box" tags=["predict"]
def fill(box, number):
    sched_yield()
    box.append(number)


def two_fill():
    box = []
    threads = [spawn(fill, box, 1, name="A"), spawn(fill, box, 2, name="B")]
    sched_yield()
    look("both have begun")
    [thread.join() for thread in threads]
    return box


predict("one-box", "box is a local variable in each of them. What is in main's box in the end?",
        ["nothing: A and B have boxes of their own", "1 and 2"])

# %% id="look-at-one-box" tags=["demo"]
filled = run(two_fill)
reveal("one-box", "B" if filled.result == [1, 2] else "A", because="Three names on three stacks, and one list on the heap.")
look()

# %% [markdown] id="follow-the-arrows"
# Follow the arrows. Three frames have a name `box`; all three lead to *one* list. The names are private, the list is **shared**.
#
# A thing becomes shared when somebody hands over a way to it: an argument, a global name, an entry in another shared thing. Then
# we say that it **escapes** from the thread that made it.
#
# The opposite of sharing is copying: `list(box)` makes a new list with the same contents. **Break it:** let each thread get
# `list(box)` instead of `box`, and run both cells again. Both lists are filled, main's stays empty, and nobody complains.

# %% [markdown] id="inner-functions"
# ## A local variable that is shared after all
#
# Python has another way out of a frame: a function inside a function. The inner one may use the local variables of the outer one.
# Below, `greet` uses `guest`. Three threads run `greet`; the loop gives `guest` another value before it starts the next one.
# Each thread lets others run, and then says the name.


# %% id="three-guests" tags=["predict"]
def three_guests():
    threads = []
    def greet():
        sched_yield()
        return guest
    for guest in ("Ada", "Bo", "Cy"):
        threads += [spawn(greet, name=guest)]
    sched_yield()
    look("all three have begun")
    return [thread.join() for thread in threads]


predict("three-guests", "A thread is started for Ada, one for Bo, one for Cy. Which names are said?",
        ["Ada, Bo, Cy", "Cy, Cy, Cy", "Ada, Ada, Ada"])

# %% id="look-at-guests" tags=["break-it"]
greeted = run(three_guests)
print(greeted.result)
reveal("three-guests", "B" if greeted.result == ["Cy"] * 3 else "A", because="There is one variable guest, and three look at it.")
look()

# %% [markdown] id="closure-cells"
# `guest` belongs to *one* call of `three_guests`, so it is there once. Because an inner function needs it, Python does not keep
# it in the frame. It puts it into a little box on the heap, a **closure cell**, and all three threads have an arrow to that
# cell. When they look, the loop is over, and the cell holds Cy.
#
# The cure: give each thread its own. An **argument** is a local variable of the call that gets it, and its value is fixed at
# the moment of `spawn`.


# %% id="guests-repaired" tags=["demo"]
def three_guests_repaired():
    def greet(guest):
        sched_yield()
        return guest

    return [thread.join() for thread in [spawn(greet, guest) for guest in ("Ada", "Bo", "Cy")]]


run(three_guests_repaired).result

# %% [markdown] id="claim-b4"
# > **Claim B4.** "Local variables need no synchronisation."
# > **Verdict: partly.**
#
# True while nobody else has a way to the variable: `total` in the first program. False as soon as it escapes. You have seen two
# ways: a thing that is handed over (`box`), and a closure cell (`guest`). C has a third, a pointer to a local: see below.
# The runs: `two_fill` and `three_guests`. The source for cells: *The Python Language Reference*, 3.2, `function.__closure__`.
#
# What "synchronisation" is, and what goes wrong without it, is the subject of lesson 6. Here the question is only: *who can
# reach it?*

# %% [markdown] id="per-thread"
# ## One name for all, one value for each
#
# A **global** variable, written outside of all functions, is the plain case: there is one, and everybody has a way to it.
#
# Sometimes one wants both: a name that every function can use, *and* a value for each thread. Python has `threading.local()` for
# that. Two threads each put a number in, let the other run, and look. We do it twice: with threads that labkit switches
# by itself (the machine "cooperative"), and with threads of the operating system ("pthread").


# %% id="predict-local" tags=["predict"]
own = threading.local()


def keep(number):
    own.number = number
    sched_yield()
    return own.number


def two_keep():
    return [thread.join() for thread in [spawn(keep, 1), spawn(keep, 2)]]


predict("os-local", "What do they find, on which machine?",
        ["1 and 2 on both", "2 and 2 on both", "2 and 2 on cooperative, 1 and 2 on pthread"])

# %% id="os-local" tags=["demo"]
for machine in ("cooperative", "pthread"):
    print(f"{machine:11}", run(two_keep, machine=machine).result)
reveal("os-local", "C", because="threading.local() has one drawer for each thread of the operating system.")

# %% [markdown] id="say-whose-thread"
# All "cooperative" threads live on *one* thread of the operating system (lesson 1 called that N:1). So they share one drawer,
# and the second number overwrites the first. "One for each thread" is half a sentence: *whose* threads? In exercise 2c you
# write a drawer that gets it right.
#
# ## Real addresses
#
# Python hides where things are. C does not. `&x` is the **address** of x: the number of its first byte in memory. A **pointer**
# is a variable that holds an address: `int *made`. And `*made` is what lies there.
#
# `UTHREAD_SHOW(x)` notes down where x is and what is in it. Below, two threads note the same six names. `--machine pthread`:
# they are threads of the operating system.

# %% id="six" tags=["demo", "needs-cc"] language="cthreads" magic_args="shown --machine pthread --source SHOWN --show memory"
# #include <stdlib.h>
# #include "uthread.h"
# static const int fixed = 1; static int begun = 2, zero, *made;
# static _Thread_local int own = 10;
# static void *work(void *number) {
#     int local = (int)(long)number; own += local;
#     UTHREAD_SHOW(fixed), UTHREAD_SHOW(begun), UTHREAD_SHOW(zero);
#     UTHREAD_SHOW(*made), UTHREAD_SHOW(own), UTHREAD_SHOW(local); return NULL; }
# int main(void) {
#     made = malloc(sizeof *made), *made = 3;
#     uthread_t a = uthread_create("A", work, UTHREAD_ARG(1));
#     uthread_t b = uthread_create("B", work, UTHREAD_ARG(2));
#     uthread_join(a), uthread_join(b); }

# %% [markdown] id="read-the-picture"
# (`uthread_create` starts a thread: its name, its function, what the function gets. `UTHREAD_ARG(1)` packs a number for it,
# `(int)(long)` unpacks it. `uthread_join` waits for its end. `malloc` asks for memory on the heap.)
#
# | region | what lies there |
# |---|---|
# | `.text` | the machine code |
# | `.rodata` | constants: `fixed`. Read-only |
# | `.data` | globals with a first value: `begun` |
# | `.bss` | globals that begin as 0: `zero`, `made` |
# | heap | what `malloc` gives: `*made` |
# | TLS | **thread-local storage**: `own`, which says `_Thread_local` |
# | stacks | one for each thread: `local` |

# %% id="predict-addresses" tags=["predict", "needs-cc"]
predict(
    "two-addresses",
    "A and B have both noted the addresses of six names. For which names do the two addresses differ?",
    ["local", "local and own", "local, own and *made", "all six: they are two threads"],
)


def addresses(done):
    for name in dict.fromkeys(place.name for place in done.places):
        found = [place for place in done.places if place.name == name]
        print(f"{name:7} {found[0].region.kind:7} addresses: {len({place.address for place in found})}")


# %% id="claim-b2-run" tags=["demo", "needs-cc"]
addresses(shown)
reveal("two-addresses", "B", because="One address is one variable for all. Two addresses are two variables that share a name.")


def through_a_pipe():
    get, put = os.pipe()
    spawn(os.write, put, b"from A", name="A").join()
    return os.read(get, 20)


print("files are shared too:", run(through_a_pipe, machine="pthread").result)

# %% [markdown] id="claim-b2"
# > **Claim B2.** "Threads share the data and bss sections."
# > **Verdict: true**, and not only those.
#
# One address: `.data` and `.bss`, as the claim says, and also `.rodata`, `.text` and the heap. Open files as well: A wrote into a
# pipe that main had opened. Two addresses: the stacks, and **TLS**, although `own` is written like a global. The source:
# pthreads(7), "These threads share the same global memory (data and heap segments)"; TLS: gcc's manual, "Thread-Local Storage".

# %% [markdown] id="ask-the-kernel"
# ## Ask the kernel
#
# Where does that picture come from? The kernel keeps a list of what it has given to each process: `/proc/self/maps`, proc(5).
# Here it is without the libraries, and behind each line the variables that lie there. (Addresses *vary*: run the cell.)
#
# Memory is given out in **pages**, here of 4,096 bytes. `r`, `w`, `x` say what is allowed: read, write, execute. `.text` may be
# executed and not written, `.data` the other way round. The heap is low; the stacks are high, main's at the top.
#
# And below each of the other stacks (at lower addresses) lies a line `---p`: the **guard page**, which nobody may touch.

# %% id="the-maps" tags=["demo", "needs-cc", "varies"]
for region in shown.maps:
    inside = sorted({place.name for place in shown.places if place.address in region})
    if region.kind not in ("library", "kernel", "other"):
        print(region, *inside)

# %% [markdown] id="claim-d6"
# > **Claim D6.** "Kernel threads have their own stacks."
# > **Verdict: true**, and user threads do, too.
#
# The user part you have seen: stack of A, stack of B, "1 guard page below it". How large? A pthread gets what `ulimit -s` says,
# usually 8 MiB; pthread_create(3). That is address space: real memory comes page by page, when a page is touched. Our library
# asks for 64 KiB (`uthread_stack_bytes`). main's own stack grows by itself, up to a limit; getrlimit(2).
#
# A stack *inside* the kernel is another one, and has 16 KiB, with a guard page as well. It has to wait for lesson 12.

# %% id="predict-tls" tags=["predict", "needs-cc"]
predict(
    "whose-tls",
    "The same program on threads that our own library switches, all on ONE thread of the operating system. Where is own now?",
    ["at two addresses: A and B are two threads", "at one: to the operating system they are one thread"],
)

# %% id="tls-on-our-own" tags=["demo", "needs-cc"]
ours = native.run(SHOWN, "uthread")
addresses(ours)
reveal("whose-tls", "B", because="It is threading.local() over again. The stacks are two: our library makes them.")

# %% [markdown] id="a-pointer-to-a-local"
# ## A pointer to a local
#
# In C a local can be handed over by its address. Here `sum` is a local of main, and both threads get `&sum`. That is allowed,
# and much used: main waits for both, so the frame with `sum` is there for as long as anybody needs it.

# %% id="sum-is-lent" tags=["demo", "needs-cc"] language="cthreads" magic_args="lent --show output,memory"
# #include <stdio.h>
# #include "uthread.h"
# static void *add(void *arg) {
#     int *their_sum = arg;
#     UTHREAD_SHOW(their_sum);
#     *their_sum += 10;
#     return NULL; }
# int main(void) {
#     int sum = 0;
#     uthread_t a = uthread_create("A", add, &sum), b = uthread_create("B", add, &sum);
#     uthread_join(a), uthread_join(b);
#     UTHREAD_SHOW(sum);
#     printf("sum: %d\n", sum); }

# %% [markdown] id="own-is-not-locked"
# Two arrows from two stacks into a third. So "its own stack" means: *used by* one thread. It does not mean *locked*. All stacks
# lie in one memory, and whoever has an address may write there. (On pthreads two `+=` at once can lose one: lesson 6.)
#
# The danger is time. A frame lives as long as its call. Below, `note` leaves the address of its local in a global and
# **returns**. Then it is called once more, with 7. What is found at the address that the *first* call has left? (`noinline` and
# `volatile` only keep the compiler from tidying our mistake away.)

# %% id="a-frame-that-is-gone" tags=["break-it", "needs-cc"] language="cthreads" magic_args="dangling --show output,memory"
# #include <stdio.h>
# #include "uthread.h"
# static int *door;
# __attribute__((noinline)) static void note(int value) {
#     int mine = value, *volatile address = &mine;
#     UTHREAD_SHOW(mine);
#     door = address; }
# int main(void) {
#     note(42); int *kept = door;
#     note(7);
#     int found = *kept; /* BUG (on purpose): whose variable is that now? */
#     UTHREAD_SHOW(kept);
#     printf("found: %d\n", found); }

# %% [markdown] id="say-why-dangling"
# The frame of the first call was gone, and the second call got the same place for its own. The pointer still leads there: a
# **dangling pointer**. Nobody complained, because the memory is still main's stack. The rule: *never keep the address of a local
# for longer than its call lives.*
#
# A thread that ends takes its whole stack along. What then? `A` hangs the address of its local on the door, and ends.

# %% id="predict-two-ends" tags=["predict", "needs-cc"]
predict(
    "two-ends",
    "A has ended and was joined. Then main reads through the pointer. On our own threads, and on pthreads:",
    ["both find 42", "both are stopped", "our own: stopped. pthreads: it goes on and finds something"],
)

# %% id="a-stack-that-is-gone" tags=["break-it", "needs-cc"] language="cthreads" magic_args="gone --show none --source GONE"
# #include <stdio.h>
# #include "uthread.h"
# static int *door;
# static void *work(void *arg) {
#     int mine = 42, *volatile address = &mine;
#     door = address;
#     return arg; }
# int main(void) {
#     uthread_join(uthread_create("A", work, NULL));
#     printf("found: %d\n", *door); } /* BUG (on purpose): A has ended */

# %% id="two-ends" tags=["demo", "needs-cc"]
for done in (gone, native.run(GONE, "pthread", first_line=2)):
    print(f"{done.machine:8}", re.sub("0x[0-9a-f]+", "0x…", done.verdict()) or f"nothing happens: exit {done.exit}")
reveal("two-ends", "C", because="Our library gives the stack back to the kernel at once. glibc keeps it for the next thread.")

# %% [markdown] id="pass-and-be-wrong"
# **How could this pass and be wrong?** You have just seen it: on pthreads the wrong program ended without a word. It read
# memory that nobody owned, and found whatever was there. The crash is the *good* case: it names the thread and the line.
#
# ## When a stack is full
#
# Each call puts a frame on the stack. In memory the pile hangs from above: a new frame gets *lower* addresses than its caller's.
# `dig` calls itself a million times, each time with a frame of about 400 bytes. The stack of its thread has 64 KiB, and below
# it lies the guard page.

# %% id="predict-overflow" tags=["predict", "needs-cc"]
predict(
    "overflow",
    "What becomes of the thread?",
    ["its stack grows", "it writes over what lies below its stack", "it is stopped at the guard page"],
)

# %% id="overflow" tags=["break-it", "needs-cc"] language="cthreads" magic_args="full --machine pthread --show none"
# #include "uthread.h"
# static int dig(int n) { volatile int room[100]; room[0] = n; return n ? dig(n - 1) + room[0] : 0; }
# static void *work(void *arg) { return UTHREAD_ARG(dig(1000000)); }
# int main(void) { uthread_join(uthread_create("digger", work, NULL)); }

# %% id="overflow-told" tags=["demo", "needs-cc"]
print(full.signal, "·", re.sub("0x[0-9a-f]+", "0x…", full.verdict()))
reveal("overflow", "C", because="At the first touch of the guard page the kernel stops the program: SIGSEGV.")

# %% [markdown] id="why-a-guard"
# Without that page the next frame would lie in whatever is below: another thread's stack, perhaps. Both would go on, with wrong
# values, and nobody would know why. One page without permissions turns that into a message at the right line.
#
# A guard page is cheap, and it has a hole: it only notices who *touches* it. A frame larger than a page may step over it.
# Compilers can close the hole (gcc: `-fstack-clash-protection`, with which our cells are compiled).
#
# In exercise 2d you compute how deep a thread can dig, and then a real one tries.

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. A local variable lives in the frame of one call, on the stack of one thread. Globals and the heap are there once, for all.
# 2. What another thread can reach is decided by who has a way to it (an argument, a closure cell, an address), not by where
#    its name is written.
# 3. A stack has an end, and a guard page marks it; a frame has an end too, and nothing marks that.
#
# [Exercises 2](../exercises/02_stacks.ipynb). Next: [3. Cooperative threads](03_cooperative.ipynb). Words:
# [glossary](../GLOSSARY.md).
