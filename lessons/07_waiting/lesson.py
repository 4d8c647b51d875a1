# %% [markdown] id="title"
# # 7 · Condition variables, semaphores, barriers
#
# A lock keeps threads apart. It cannot say: *sleep until there is something for you.* This lesson is about that sentence.
#
# After this you can …
#
# - say what spinning costs, and let a thread sleep instead, without missing the call that should wake it;
# - wait at a condition variable in the one shape that is right: lock, `while`, `wait`;
# - choose between `notify` and `notify_all`, and say when one condition is too few;
# - use a semaphore and a barrier, and say what is inside them;
# - tell a program that never breaks from one that never lets somebody in.
#
# You need lessons 3 to 6. About two hours.

# %% id="imports"
from labkit import Atomic, Barrier, Condition, Event, Mutex, RWLock, Semaphore, explore, run, sched_yield, sleep, spawn
from labkit.course import predict, reveal
from labkit.views import WaitingRoom


def both(guest, cook):
    """Spawn both, wait for both, and return what the guest returned."""
    threads = [spawn(guest, name="guest"), spawn(cook, name="cook")]
    return [thread.join() for thread in threads][0]


# %% [markdown] id="a-hungry-guest"
# ## A guest with nothing to do
#
# A guest wants a plate of soup. The cook needs 100 steps to make it. The guest has learned in lesson 3 to be polite: it looks at
# the table, and if there is nothing, it yields. Threads that wait by looking again and again are said to **spin**.


# %% id="spinning-guest"
def spinning():
    table, looks = [], Atomic(0)

    def guest():
        while not table:
            looks.fetch_add(1)
            sched_yield()

    def cook():
        for _ in range(100):
            sched_yield()
        table.append("soup")

    both(guest, cook)
    return looks.load()


# %% id="predict-spinning" tags=["predict"]
predict(
    "looks-in-vain",
    "The cook yields 100 times. How often does the guest look at an empty table?",
    ["once: then it waits", "about 10 times", "about 100 times"],
)

# %% id="run-spinning" tags=["demo"]
spun = run(spinning)
print("looked in vain:", spun.result, " context switches:", spun.trace.summary().switches.total())
reveal("looks-in-vain", "C", because="A thread that spins takes its turn every time, and uses it for nothing.")
print("what explore() finds wrong in 20 schedules:", explore(spinning, runs=20).failures)

# %% [markdown] id="pass-and-waste"
# 100 steps were work, as many went to waste, and nobody can see it: a spinning thread is *runnable*. **How could this pass and be
# wrong?** The result is right, whatever the schedule: the guest goes on when there is soup, not before. Only the price is wrong.
# (Naps are no way out: `sleep(0.01)` is too short or too long.)
#
# ## Sleep, and be woken
#
# The guest should leave the run queue, and be put back when the soup is there. A `Condition` has a queue of sleepers: `wait()`
# puts the caller there, `notify()` takes out who has slept longest. For both one holds the condition's lock: `with bell:`. The
# guest looks, and if there is nothing, falls asleep:


# %% id="careless-guest" tags=["demo"]
def careless():
    bell, table = Condition(name="bell"), []

    def guest():
        if not table:
            with bell:
                bell.wait()

    def cook():
        table.append("soup")
        with bell:
            bell.notify()

    both(guest, cook)


run(careless).timeline()

# %% id="predict-careless" tags=["predict"]
predict(
    "careless-guest",
    "That was one schedule. What about the others?",
    ["all end well", "in some, the guest eats before there is soup", "in some, the guest sleeps for ever"],
)

# %% id="explore-careless" tags=["break-it"]
careless_verdict = explore(careless)
reveal("careless-guest", "C", because="The bell can ring between the look and the sleep.")
print(careless_verdict.explain())
careless_verdict.timeline()

# %% [markdown] id="lost-wake-up"
# This is the **lost wake-up**. The guest looked: nothing. Before it was asleep, the soup came and the bell rang. Nobody heard it.
# Then the guest lay down, for a bell that had rung already. *A notify is not remembered.*
#
# The look and the falling asleep belong together: nobody may ring in between. So the look goes under the lock, and so does the
# change of the table.


# %% id="careful-guest"
def guest(bell, table):
    with bell:
        if not table:
            bell.wait()
        return table.pop()


def cook(bell, table, *dishes):
    for dish in dishes:
        with bell:
            table.append(dish)
            bell.notify()


# %% id="dinner-for" tags=["demo"]
def dinner(guest, *names):
    def main():
        bell, table = Condition(name="bell"), []
        guests = [spawn(guest, bell, table, name=name) for name in names]
        cook(bell, table, *["soup", "rice"][: len(names)])
        return sorted(thread.join() for thread in guests)

    return main


explore(dinner(guest, "Ann"))

# %% [markdown] id="one-step"
# But stop: the guest sleeps *inside* `with bell:`. How can the cook come in at all? Because `wait()` **gives up the lock and
# falls asleep in one step**, and takes the lock again before it returns. One step is the point. Here is a `wait` of our own in
# two steps, with an `Event` as the bell:


# %% id="two-steps" tags=["break-it"]
def two_steps():
    lock, rang, table = Mutex("lock"), Event("rang"), []

    def guest():
        with lock:
            nothing = not table
        # BUG (on purpose): the lock is given up, and between these two lines the bell may ring
        return nothing and rang.wait()

    def cook():
        with lock:
            table.append("soup")
            rang.set(), rang.clear()  # wakes those who wait now, and is forgotten, as a notify is

    both(guest, cook)


print(explore(two_steps))

# %% [markdown] id="what-a-condition-is"
# ## What a condition variable is
#
# Three things that belong together:
#
# 1. some data, and a question about them, the **predicate**: "is there something on the table?";
# 2. the **mutex** that guards these data: look and change only under it;
# 3. the **queue** of threads that sleep until the answer may have changed.
#
# The condition itself knows only the mutex and the queue. The predicate is in your code. Who changes the data so that the
# answer may be another one, notifies.
#
# ## `while`, not `if`
#
# The guest above looks with `if`, and all schedules passed. Now two guests. First play it yourself: let **Ann** go on twice,
# press **plate, notify**, and now be mean to Ann.


# %% id="waiting-room" tags=["demo"]
WaitingRoom("Ann Bob", look="if")


# %% id="predict-two-guests" tags=["predict"]
predict(
    "two-guests",
    "Two plates for two guests, one notify for each plate. What can go wrong?",
    ["nothing", "a guest who was woken finds the table empty", "a guest is never woken"],
)

# %% id="explore-two-guests" tags=["break-it"]
stolen = explore(dinner(guest, "Ann", "Bob"))
reveal("two-guests", "B", because="Between the wake-up and the plate there is time for somebody else.")
print(stolen.explain())
stolen.tree()

# %% [markdown] id="stolen"
# Ann was woken. That does not mean that she runs: she is runnable, and needs the lock first. Bob has just come in, never slept,
# takes the lock and the plate. Then Ann gets the lock and pops from an empty table. The wake-up was **stolen**.
#
# To be woken means: *it was so a moment ago; look again.* And to look again after a wait is a `while`:
#
# ```python
# with bell:
#     while not table:
#         bell.wait()
# ```

# %% [markdown] id="mesa-and-hoare"
# ## Mesa and Hoare
#
# It was not always so. In C. A. R. Hoare's monitors (*Communications of the ACM*, October 1974) a signal hands the processor and
# the monitor over at once: who is woken runs next, and `if` is right. Lampson and Redell built threads for the language **Mesa**
# at Xerox (*Communications of the ACM*, February 1980). There a notify is only "a hint" to a waiting thread: it goes on
# some time later, and has to look again.
#
# Mesa won: it is cheaper, and a notify too many does no harm. POSIX threads, Java, Python, labkit: all are Mesa. The price is the
# word `while`.

# %% [markdown] id="spurious"
# There is a second reason for the `while`. POSIX permits `wait` to return although nobody notified: "**spurious wakeups** … may
# occur" (pthread_cond_wait, POSIX.1). It makes conditions cheaper to build. You rarely see one, so your tests do not. The
# explorer can make them: `spurious=True` lets each thread wake once for nothing. Back to the single guest with its `if`, which
# passed:

# %% id="patient-guest" tags=["break-it"]
print("if:   ", explore(dinner(guest, "Ann"), spurious=True))


def patient_guest(bell, table):
    with bell:
        while not table:
            bell.wait()
        return table.pop()


print("while:", explore(dinner(patient_guest, "Ann", "Bob"), spurious=True))

# %% [markdown] id="waiting-room-text"
# Proven: every schedule, and every spurious wake-up. Learn this shape by heart: **lock, while, wait, change, notify, unlock.**
# For Python's and labkit's conditions there is a short form, `bell.wait_for(lambda: table)`, which writes the loop for you.
#
# ## One, or all?
#
# `notify()` wakes one, `notify_all()` wakes all that sleep. Now the cook brings three plates at once for three guests, and rings
# once. Say first: what happens with `notify()`?


# %% id="three-plates-at-once" tags=["break-it"]
def banquet(tell):
    def main():
        bell, table = Condition(name="bell"), []
        guests = [spawn(patient_guest, bell, table, name=name) for name in ("Ann", "Bob", "Cid")]
        with bell:
            table.extend(["soup", "rice", "fish"])
            tell(bell)
        return [thread.join() for thread in guests] and "all have eaten"

    return main


for tell in (Condition.notify, Condition.notify_all):
    print(tell.__name__, "→", explore(banquet(tell)))

# %% [markdown] id="one-condition-two-questions"
# A rule: `notify` is right if **any one** of the sleepers can use the news, and only one can. Otherwise `notify_all`. When in
# doubt, `notify_all`: with `while` it is never wrong, only more work, for all wake up and most lie down again.
#
# Now the other way to get it wrong. A table with a single place: the cook waits for the place to be free, the guests wait for a
# plate. Two questions, one bell for both.


# %% id="eat-and-serve"
def eat(lock, table, plate, free):
    with lock:
        while not table:
            plate.wait()
        free.notify()  # the cook cannot look before we give the lock back
        return table.pop()


def serve(lock, table, plate, free, dish):
    with lock:
        while table:
            free.wait()
        table.append(dish)
        plate.notify()


# %% id="one-place"
def one_place(bells):
    def main():
        lock, table = Mutex("table"), []
        plate = Condition(lock, name="plate")
        free = Condition(lock, name="free") if bells == 2 else plate
        guests = [spawn(eat, lock, table, plate, free, name=name) for name in ("Ann", "Bob")]
        for dish in ("soup", "rice"):
            serve(lock, table, plate, free, dish)
        return sorted(thread.join() for thread in guests)

    return main


# %% id="predict-dinner" tags=["predict"]
predict(
    "one-bell",
    "One condition for both questions, `while` everywhere, one notify for each change. Is it right?",
    ["yes: everybody looks again", "no: a plate can be eaten twice", "no: all can be asleep"],
)

# %% id="explore-dinner" tags=["break-it"]
one_bell = explore(one_place(bells=1))
reveal("one-bell", "C", because="The bell for the cook woke a guest, who could not use it.")
print(one_bell.explain())
print("with two bells:", explore(one_place(bells=2), spurious=True))

# %% [markdown] id="semaphore"
# A guest ate, and rang for the cook; but the bell woke the other guest. It looked, saw nothing, lay down again. The call was used
# up. So: **one condition for each question**, all with the same mutex. Or `notify_all`.
#
# ## A semaphore: the call that is kept
#
# A **semaphore** is a number of permits. `acquire` takes one, and sleeps at 0. `release` gives one, and *if nobody waits, the
# number keeps it*. So no wake-up is lost. It is the oldest of these tools: E. W. Dijkstra, *Cooperating sequential processes*,
# 1965; his names for the two are P and V.


# %% id="call-is-kept" tags=["demo"]
def kept():
    plates, table = Semaphore(0, name="plates"), []

    def guest():
        plates.acquire()
        return table.pop()

    def cook():
        table.append("soup")
        plates.release()

    return both(guest, cook)


print(explore(kept))
WaitingRoom("Ann Bob", at="semaphore")

# %% [markdown] id="barrier"
# No mutex, no look, no `while`: the number *is* the predicate. With `Semaphore(3)` three threads may be inside at once. What a
# semaphore cannot do is wait for anything else than "the number is above 0". Conditions can wait for every question, and in
# exercise 7b you build a semaphore from one.
#
# ## A barrier: wait for each other
#
# Two cooks prepare course after course. Nobody begins the next before both are done with this one. A **barrier** for n: sleep
# until n have come. Here is a first try:


# %% id="first-barrier"
class FirstBarrier:
    def __init__(self, n):
        self.n, self.come, self.all_here = n, 0, Condition(name="all here")

    def wait(self):
        with self.all_here:
            self.come += 1
            if self.come == self.n:
                self.come = 0  # for the next round
                self.all_here.notify_all()
            while 0 < self.come < self.n:
                self.all_here.wait()


# %% id="courses"
def courses(barrier_class, rounds):
    def main():
        gate, done = barrier_class(2), [Atomic(0, name=f"course {r}") for r in range(rounds)]

        def cook():
            for r in range(rounds):
                done[r].fetch_add(1)
                gate.wait()
                assert done[r].load() == 2, "a cook went on alone"

        for thread in [spawn(cook, name="Ann"), spawn(cook, name="Bob")]:
            thread.join()

    return main


# %% id="predict-barrier" tags=["predict"]
predict(
    "barrier-again",
    "FirstBarrier for one course, and for two courses: which passes in every schedule?",
    ["both", "one course only", "neither"],
)

# %% id="explore-barrier" tags=["break-it"]
for rounds in (1, 2):
    print(f"FirstBarrier, {rounds} course(s):", explore(courses(FirstBarrier, rounds)))
reveal("barrier-again", "B", because="A fast cook is back and counts for the new round, before the slow one has looked.")
print("labkit's own, 2 courses:", explore(courses(Barrier, 2)))

# %% [markdown] id="reusable"
# The sleeper asks "is the number back at 0?" But when it wakes, the fast one may have come again, and the number is 1: a question
# about *its* round is answered with the number of the *next* round. So a barrier that is used again must know its rounds apart.
# Two ways: count the rounds, and wait for *your* round to be over (exercise 7c); or two **turnstiles**, one that lets nobody in
# before all have come, one that lets nobody out before all are in (A. Downey, *The Little Book of Semaphores*,
# chapter 3, "Reusable barrier").

# %% [markdown] id="readers-and-writers"
# ## Readers and writers, and who starves
#
# Looking at a menu disturbs nobody; changing it does. So: many **readers** together, or one **writer** alone. The simple rule
# is "a reader comes in unless somebody writes; a writer comes in when nobody is inside". Guests read the menu for 3 ms, and a
# new one comes every 2 ms. The cook wants to write, at 1 ms.


# %% id="simple-rule"
class SimpleRule(Condition):
    readers = 0

    def acquire_read(self):
        with self:
            self.readers += 1

    def release_read(self):
        with self:
            self.readers -= 1
            self.notify_all()

    def acquire_write(self):
        return self.acquire() and self.wait_for(lambda: not self.readers)

    release_write = Condition.release


# %% id="readers-and-a-writer"
def read(menu, got_in, comes_ms):
    sleep(comes_ms / 1000)
    menu.acquire_read()
    got_in.append("guest")
    sleep(0.003)
    menu.release_read()


def write(menu, got_in):
    sleep(0.001)
    menu.acquire_write()
    got_in.append("COOK")
    menu.release_write()


# %% id="before-the-cook" tags=["break-it"]
def guests_before_the_cook(menu, guests):
    def main():
        got_in = []
        threads = [spawn(read, menu, got_in, 2 * i) for i in range(guests)] + [spawn(write, menu, got_in)]
        return [thread.join() for thread in threads] and got_in.index("COOK")

    return run(main).result


[guests_before_the_cook(SimpleRule(), guests) for guests in (5, 20, 80)]

# %% [markdown] id="starvation"
# That is **starvation**: no deadlock, nobody is stuck for ever in any schedule that ends, and yet the cook waits as long as
# guests keep coming. **How could this pass and be wrong?** The explorer runs programs that end, and each of these runs ends
# well. Starvation is not a bad thing that happens, it is a good thing that does not. So it is measured in another way: let the
# stream be longer, and see whether the wait grows with it.
#
# `RWLock` is first come, first served: a reader that comes after a waiting writer waits behind it.


# %% id="fair-rule" tags=["demo"]
[guests_before_the_cook(RWLock("menu"), guests) for guests in (5, 20, 80)]

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. Who waits should sleep, not spin; look and fall asleep under one lock, or the wake-up can be lost.
# 2. A wake-up is a hint: wait in a `while`, one condition for each question, and `notify_all` when more than one may go on.
# 3. A semaphore remembers, a barrier must tell its rounds apart, and what never breaks may still starve somebody.
#
# [Exercises 7](../exercises/07_waiting.ipynb). Next: [8 · Deadlock and liveness](08_deadlock.ipynb).
# Words: [glossary](../GLOSSARY.md).
