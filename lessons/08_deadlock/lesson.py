# %% [markdown] id="title"
# # 8 · Deadlock and liveness
#
# A race gives a wrong result. Today's programs give none: they stop.
#
# After this you can …
#
# - lead two threads into a deadlock by hand, and read the cycle in a wait-for graph;
# - name the four conditions of a deadlock, and break each of them;
# - lock in one order, and say when a name is no order;
# - tell deadlock, livelock and starvation apart, by a run;
# - find a deadlock in a run that went well, as Linux's lockdep does;
# - show a priority inversion, and cure it by inheritance.
#
# You need lesson 6: `Mutex`, `explore`, schedules. About 100 minutes. Every output here repeats exactly.

# %% id="imports"
from labkit import Atomic, Mutex, RLock, Semaphore, burn, current_thread, explore, now, run, sched_yield, sleep, spawn
from labkit.course import predict, reveal

# %% [markdown] id="two-locks"
# ## Two locks, two orders
#
# Give each account a lock of its own: so says lesson 6. A transfer touches two accounts, so it takes two locks. Ann pays Bob,
# and at the same time Bob pays Ann. Each thread first locks the account that pays. No data is touched without its lock. What
# could go wrong?
#
# Run it, predict, and then try: in the picture **you are the scheduler**. A click on a thread lets it take one step. Bring the
# program to a halt. (Without a running Jupyter kernel the picture stands still. Then read on.)


# %% id="crossed-transfers"
def transfer(first, second):
    with first:
        with second:
            return "paid"


def crossed():
    ann, bob = Mutex("ann"), Mutex("bob")
    threads = [spawn(transfer, ann, bob, name="A"), spawn(transfer, bob, ann, name="B")]
    return [thread.join() for thread in threads]


[run(crossed, machine="preemptive", timeslice_points=points).result for points in (1, 2, 3, 4)]

# %% id="predict-crossed" tags=["predict"]
predict(
    "crossed-can-stop",
    "Four timeslices, four good ends. Is there a schedule in which not every thread gets to its end?",
    ["no: all data is locked", "yes, one that needs luck: one switch at the right place", "yes, but it takes a third thread"],
)

# %% id="scheduler-crossed" tags=["demo"]
verdict = explore(crossed)
verdict.play()

# %% id="crossed-verdict" tags=["break-it"]
print(verdict)
reveal("crossed-can-stop", "B", because="Each thread takes its first lock; then neither gets its second. Two steps are enough.")
verdict.tree()

# %% [markdown] id="say-deadlock"
# This is a **deadlock**: no thread can run, and none ever will. A holds ann and waits for bob. B holds bob and waits for ann.
# Nobody computes anything wrong; nobody computes at all, and the processor is idle.
#
# ## The wait-for graph
#
# Draw an arrow from each blocked thread to what it waits for, and from there to the thread that holds it. Follow the arrows. If
# you come back to where you began, you have found the deadlock: a **cycle**. Where each lock has one holder, it is exact: no
# cycle, no deadlock.
#
# Go through the steps. Which arrow closes the cycle?

# %% id="crossed-graph" tags=["demo"]
verdict.lockgraph()

# %% [markdown] id="four-conditions"
# ## Four conditions
#
# Coffman, Elphick and Shoshani ("System Deadlocks", Computing Surveys 3(2), 1971) name what a deadlock needs, all of it at once:
#
# | condition | here | break it |
# |---|---|---|
# | **mutual exclusion** | a lock has one holder | no lock |
# | **wait for** | A keeps ann while it waits | all at once, or none |
# | **no preemption** | nobody takes ann from A | give back, try again |
# | **circular wait** | A waits for B for A | one order for all |
#
# Break one, and there is no deadlock: four ideas for a repair. We write all four and explore each.

# %% id="four-repairs"
gate, money = Mutex("gate"), Atomic(0, name="money")


def no_lock(first, second):  # breaks mutual exclusion
    money.fetch_add(1)


def all_at_once(first, second):  # breaks hold and wait: only who holds the gate collects locks
    with gate:
        transfer(first, second)


def in_order(first, second):  # breaks circular wait
    transfer(*sorted((first, second), key=lambda lock: lock.name))


# %% id="back-off"
def back_off(first, second):  # breaks no preemption: who cannot have both gives back what it has
    while True:
        with first:
            if second.acquire(blocking=False):
                second.release()
                return


def opposite(repair):
    def main():
        ann, bob = Mutex("ann"), Mutex("bob")
        for thread in [spawn(repair, ann, bob, name="A"), spawn(repair, bob, ann, name="B")]:
            thread.join()

    return main


# %% id="predict-repairs" tags=["predict"]
predict(
    "which-repair-fails",
    "Each of the four breaks one condition, so none can deadlock. But one of them fails all the same. Which?",
    ["no_lock", "all_at_once", "in_order", "back_off"],
)

# %% id="explore-repairs" tags=["break-it"]
for repair in (no_lock, all_at_once, in_order, back_off):
    explored = explore(opposite(repair), runs=1000)
    print(f"{repair.__name__:12} {'passes' if explored.passed else explored.failures[0].kind:9} {explored.runs:4} schedules")
reveal("which-repair-fails", "back_off", because="No thread ever waits for a lock while it holds one. They run, and get nowhere.")
explored.timeline()

# %% [markdown] id="say-livelock"
# ## Livelock
#
# `acquire(blocking=False)` is a **try-lock**: it takes the lock, or says False at once. So nobody holds and waits. But look at
# what the explorer found (`▀` says who has which lock): while A has ann, B tries it in vain; while B has bob, A tries it in vain.
# Both give back, and both take again. Then everything is as it was before, and it can go on like this for ever: a **livelock**.
# So do two people in a corridor who step aside to the same side, again and again.
#
# A deadlock is quiet. A livelock is busy: the processor is hot.

# %% [markdown] id="livelock-cure"
# How do you cure it? A pause of random length makes it unlikely that both step to the same side again. Unlikely is not never,
# and no explorer can prove it. Better: break the **symmetry**. Who has given everything back holds nothing, and
# may then wait like everybody else: in one order. Linux 6.1 does that with the run queues of two
# processors: `_double_lock_balance()` in `kernel/sched/sched.h`, where CONFIG_PREEMPTION is off.


# %% id="polite" tags=["demo"]
def polite(first, second):
    with first:
        if second.acquire(blocking=False):
            second.release()
            return
    in_order(first, second)  # empty hands: now waiting is allowed


explore(opposite(polite))

# %% [markdown] id="order-trap"
# ## One order, and its trap
#
# Most programs break the cycle by order: number the locks, and take the lower one first. Then the thread that holds
# the highest lock of all waits for nobody, so it goes on; then the next one does.
#
# An order must tell *any* two locks apart, and must never change. Below it comes from the owner's name.


# %% id="by-name"
def two_owners(*names):
    def main():
        locks = [Mutex(name) for name in names]
        pairs = [sorted(pair, key=lambda lock: lock.name) for pair in (locks, locks[::-1])]
        for thread in [spawn(transfer, *pair) for pair in pairs]:
            thread.join()

    return main


# %% id="predict-by-name" tags=["predict"]
predict(
    "order-by-name",
    "With owners Ann and Bob this passes. What if both owners are called Ann?",
    ["it passes: equal locks need no order", "it deadlocks in some schedule", "sorted() raises an error"],
)

# %% id="by-name-verdict" tags=["break-it"]
print("Ann, Bob:", explore(two_owners("Ann", "Bob")).passed)
print("Ann, Ann:", explore(two_owners("Ann", "Ann")).passed)
reveal("order-by-name", "B", because="Equal keys: sorted() leaves them as they came, so each thread keeps its own order.")

# %% [markdown] id="pass-and-wrong-order"
# **How could this pass and be wrong?** You have just seen it: the program was proven, for Ann and Bob. The proof says nothing
# of the day on which a second Ann opens an account. Order by something that is unique: a number given once, or `id(lock)`, the
# object's address. And not by something that changes, such as a balance.
#
# ## Philosophers
#
# Dijkstra's puzzle (EWD 310, 1971): N philosophers sit round a table, a fork between any two. Each needs both forks beside
# it, and takes the left one first. It is our program with a longer cycle.


# %% id="philosophers"
def table(n, repair=transfer):
    def main():
        forks = [Mutex(f"fork-{i}") for i in range(n)]
        seats = [spawn(repair, forks[i], forks[(i + 1) % n], name=f"P{i}") for i in range(n)]
        for seat in seats:
            seat.join()

    return main


# %% id="predict-philosophers" tags=["predict"]
predict(
    "philosophers-of-three",
    "Three philosophers. How many different schedules are there, and how many of them deadlock?",
    ["3, one deadlocks", "7, one deadlocks", "90, six deadlock"],
)

# %% id="philosophers-counted" tags=["demo"]
print("n  schedules  deadlocks | in order  deadlocks")
for n in (2, 3, 4, 5):
    left_first, ordered = explore(table(n)), explore(table(n, in_order))
    print(f"{n}  {left_first.runs:9}  {left_first.failing:9} | {ordered.runs:8}  {ordered.failing:9}")
reveal("philosophers-of-three", "B", because="Each fork goes first to one of two neighbours: 2 × 2 × 2, less one that cannot be.")

# %% [markdown] id="say-philosophers"
# Count it: ask of each fork which of its two neighbours had it first. That gives 2^N patterns. One cannot be: "each
# fork went first to the neighbour who takes it second", for then everybody would have eaten before everybody else. So 2^N − 1.
# And one is the deadlock: "each fork went first to the neighbour who takes it first". With five philosophers that is one
# schedule of 31. Do you see why a test misses it?
#
# With the order one philosopher begins at the other side, and neither cycle can close: 2^N − 2, all good.
#
# Another cure: a waiter who lets only two of three sit down.

# %% id="waiter-and-graph" tags=["demo"]
waiter = Semaphore(2, name="waiter")


def seated(first, second):
    with waiter:
        transfer(first, second)


print(explore(table(3, seated)))
explore(table(3)).lockgraph()

# %% [markdown] id="self-deadlock"
# ## A cycle of one
#
# The shortest cycle has one thread: it waits for a lock that it holds itself. That happens when a function that
# locks calls another one that locks, too. labkit's `Mutex` says so. `threading.Lock` would just wait for ever.
#
# An `RLock` (reentrant lock) knows its holder, and counts.


# %% id="self-deadlock-run" tags=["break-it", "raises-exception"]
def pay_and_report(lock):
    with lock:
        with lock:  # a helper function that locks, too
            return "reported"


print("RLock:", run(lambda: pay_and_report(RLock("ann"))).result)
run(lambda: pay_and_report(Mutex("ann")))

# %% [markdown] id="lockdep"
# ## Find it before it happens
#
# `explore` needs small programs. The Linux kernel has thousands of locks. Its detector, **lockdep**, does not wait for the
# deadlock. It notes, whenever a task takes a lock, which locks the task holds: a pair "held → taken". Two pairs in
# opposite directions are a warning, even if they were years apart.
#
# Its documentation claims: complex scenarios "do not have to occur in practice"; the simple chains "have to occur at least
# once" (Linux 6.1, `Documentation/locking/lockdep-design.rst`, "Proof of 100% correctness").
#
# Our trace has all that is needed.


# %% id="lock-order"
def lock_order(trace):
    holds, pairs = {}, set()
    for event in trace:
        held = holds.setdefault(event.tid, [])
        if event.kind == "lock_acquire":
            pairs |= {(other, event.lock) for other in held}
            held.append(event.lock)
        elif event.kind == "lock_release":
            held.remove(event.lock)
    return sorted(pairs)


# %% id="predict-lockdep" tags=["predict"]
predict(
    "lockdep-sees-it",
    "crossed() runs without any switch: first A to its end, then B. Can this run tell that the program may deadlock?",
    ["no: nobody ever waited", "yes: it shows both orders"],
)

# %% id="lockdep-run" tags=["demo"]
calm = run(crossed)
print("ended well:", calm.result, " waited for a lock:", len(calm.trace.of("lock_contend")))
print("pairs:", lock_order(calm.trace))
reveal("lockdep-sees-it", "B", because="ann → bob and bob → ann: a cycle of orders. Another timing makes it one of waits.")

# %% [markdown] id="lockdep-limits"
# **How could this warn and be wrong?** Under a common gate the two orders never meet; our pairs warn all the same, and so
# does lockdep. Fixing the order costs little, so the kernel lives with it.
#
# **How could it pass and be wrong?** It knows only code that ran. And it knows no deadlock without locks, such as two threads
# that join each other.
#
# Lockdep also joins all locks of one kind to a *class*: two accounts' locks would be one. So it needs each pattern once, not
# for every pair of accounts. You will write the search for cycles in exercise 8d.

# %% [markdown] id="inversion"
# ## Priority inversion
#
# July 1997: Mars Pathfinder kept resetting. Its team leader told why (Glenn Reeves, "What really happened on Mars?", 1997).
# A task of low priority (weather data) held a lock inside the operating system. A task of high priority (`bc_dist`, the data
# bus) waited for it. Tasks of medium priority, which needed no lock at all, kept the low one from running. So the high one missed
# its deadline, and a check reset the computer.
#
# The same with the policy `priority`; each `work(1)` is one millisecond.


# %% id="mars"
def work(ms):
    for _ in range(ms):
        burn(0.001)
        sched_yield()


def locked_work(bus, ms):
    with bus:
        work(ms)


# %% id="mars-program"
def mars(kind=Mutex):
    def main():
        bus = kind("bus")
        low = spawn(after, 0, locked_work, bus, 4, name="low", priority=1)
        medium = spawn(after, 1, work, 6, name="medium", priority=2)
        high = spawn(after, 1, locked_work, bus, 1, name="high", priority=3)
        return {thread.name: thread.join() for thread in (low, medium, high)}

    return main


def after(ms, body, *args):
    sleep(ms / 1000)
    body(*args)
    return round(now() * 1000)  # when it was done, in ms


# %% id="predict-mars" tags=["predict"]
predict(
    "mars-high",
    "high arrives after 1 ms and needs 1 ms of work; low still needs 3 ms under the lock. When is high done?",
    ["after about 2 ms", "after about 5 ms: it waits for low", "after about 11 ms: it waits for medium, too"],
)

# %% id="mars-run" tags=["break-it"]
inverted = run(mars(), policy="priority")
print(inverted.result)
reveal("mars-high", "C", because="medium comes before low, and low holds what high needs: high waits for both.")
inverted.timeline(axis="time")

# %% [markdown] id="inheritance"
# Priority 3 waits for priority 2, though they share nothing: a **priority inversion**. And its length is not bounded by
# anything that `high` or `low` do.
#
# The cure (Sha, Rajkumar and Lehoczky, IEEE Transactions on Computers 39(9), 1990): while a thread waits for a lock, the holder
# **inherits** its priority. labkit's `Mutex` does not, as you saw; neither did that lock on Pathfinder, until the team
# switched inheritance on, from Earth. POSIX has it as PTHREAD_PRIO_INHERIT. Here is a mutex that does.


# %% id="inheriting"
class Inheriting(Mutex):
    def acquire(self):
        mine = current_thread().attributes["priority"]
        if self.owner and self.owner.attributes["priority"] < mine:
            self.owner.attributes["priority"] = mine
        super().acquire()
        self.before = mine

    def release(self):
        current_thread().attributes["priority"] = self.before
        super().release()


print(run(mars(Inheriting), policy="priority").result)
run(mars(Inheriting), policy="priority").timeline(axis="time")

# %% [markdown] id="inheritance-limits"
# Now `high` waits for `low` only. Two details that this small class leaves out, and that exercise 8e is about: a chain, where the
# holder waits for a lock itself; and a holder of two locks, who must not lose *all* that was lent when it gives back one.
#
# ## Starvation
#
# One more way of getting nowhere. `low` is runnable, no lock is missing, nothing goes round: it is just never its turn.


# %% id="starvation" tags=["demo"]
def greedy(rounds):
    def main():
        turns = []
        low = spawn(lambda: turns.append("low"), priority=1)
        spawn(lambda: [(turns.append("high"), sched_yield()) for _ in range(rounds)], priority=2)
        low.join()
        return turns.index("low")

    return main


for policy in ("fifo", "round_robin", "priority"):
    print(f"{policy:11}  low waits for", [run(greedy(rounds), policy=policy).result for rounds in (5, 50, 500)], "turns of high")

# %% [markdown] id="three-of-a-kind"
# The wait of `low` grows with the work of `high`: if that has no end, the wait has none. Three ways of not getting on:
#
# | | deadlock | livelock | starvation |
# |---|---|---|---|
# | stuck | all in the cycle | all in the round | one; others go on |
# | state | BLOCKED | they run | RUNNABLE, or BLOCKED |
# | processor | idle | busy, in vain | busy |
# | may still end | never | by luck | by luck |
# | cure | order | asymmetry | first come, first served |
#
# What all three lack is called **liveness**: something good happens at last.

# %% [markdown] id="keep-this"
# ## Keep this
#
# 1. A deadlock is a cycle of threads that hold and wait; lock in one order, by something unique that never changes, and no
#    cycle can close.
# 2. Who tries instead of waiting must give everything back, and must not do so in step with the other: else it is a livelock.
# 3. A run that went well still shows in which order locks were taken, and that is enough to find the deadlock.
#
# [Exercises 8](../exercises/08_deadlock.ipynb). Next: [9 · What a kernel thread is](09_kthreads.ipynb). Words:
# [glossary](../GLOSSARY.md).
