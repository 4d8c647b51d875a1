# %% [markdown] id="title"
# # Exercises 7 · Condition variables, semaphores, barriers
#
# Five exercises, 5 to 20 lines each. You build what threads wait at: a shelf with few places, a semaphore, a barrier, a lock for
# readers and writers. In the last one you only put lines in order.
#
# Most checks are `explore(...)`: your code is run in **every** schedule, and with `spurious=True` also with threads that wake
# although nobody woke them. If one schedule breaks it, you see that schedule step by step. A thread that must wait has to
# **sleep**: the checks notice loops that look again and again.
#
# Stuck? `hint("7a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
import linecache
from collections import deque

from labkit import Atomic, Barrier, Condition, Mutex, Semaphore, explore, run, sched_yield, sleep, spawn  # noqa: F401
from labkit.course import check, hint

# %% id="how-it-waits"
def how_it_waits(program):
    """How a thread waits that nobody ever wakes: asleep, or spinning, which means: it looks again and again."""
    verdict = explore(program, steps=500)
    if verdict.passed:
        return "it does not wait"
    kind = verdict.failure.kind if verdict.failure else "livelock"
    return {"deadlock": "asleep", "lost_wakeup": "asleep", "livelock": "spinning"}.get(kind, str(verdict.failure))


# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("7a")

# %% [markdown] id="7a-text"
# ## 7a · A shelf with few places
#
# `Shelf(places)` is a **bounded buffer**. `put(item)` waits while all places are taken. `take()` waits while there is nothing on
# it, then gives the item that has been there longest. Any number of threads may put and take.
#
# Write it with a `Mutex` and with `Condition`s of that mutex: `Condition(self.lock, name="…")`.


# %% id="7a-trade"
def trade(makers, takers, each, places):
    """A program: each maker puts `each` items, the takers take them all. Nothing may be lost, doubled, or out of order."""

    def main():
        shelf = Shelf(places)
        put = [spawn(make, shelf, f"maker {i}", each, name=f"maker{i}") for i in range(makers)]
        took = [spawn(fetch, shelf, makers * each // takers, name=f"taker{i}") for i in range(takers)]
        everything = sorted(item for thread in put for item in thread.join())
        taken = [thread.join() for thread in took]
        assert sorted(sum(taken, [])) == everything, f"put: {everything}, taken: {taken}"
        assert takers > 1 or makers > 1 or taken[0] == everything, f"not in the order of coming: {taken[0]}"

    return main


# %% id="7a-make-and-fetch"
def make(shelf, me, each):
    items = [f"{me}, item {n}" for n in range(each)]
    for item in items:
        shelf.put(item)
    return items


def fetch(shelf, times):
    return [shelf.take() for _ in range(times)]


# %% id="7a-alone"
def put_alone(times, places):
    """A program: somebody puts, and nobody ever takes."""
    return lambda: spawn(make, Shelf(places), "maker", times, name="maker").join()


def take_alone():
    """A program: somebody takes, and nobody ever puts."""
    return spawn(fetch, Shelf(1), 1, name="taker").join()


# %% id="7a-two-shelves"
def two_shelves():
    """Two takers, each at a shelf of its own; one item comes to each shelf."""
    left, right = Shelf(1), Shelf(1)
    takers = [spawn(left.take, name="at-left"), spawn(right.take, name="at-right")]
    right.put("rice")
    left.put("soup")
    assert [thread.join() for thread in takers] == ["soup", "rice"]


# %% id="7a-solution" tags=["exercise"]
class Shelf:
    """A bounded buffer: first in, first out."""

    def __init__(self, places):
        ### BEGIN SOLUTION
        self.places, self.items = places, deque()
        self.lock = Mutex("shelf")
        self.not_full = Condition(self.lock, name="not full")
        self.not_empty = Condition(self.lock, name="not empty")
        ### END SOLUTION

    def put(self, item):
        """Wait for a free place, then put the item there."""
        ### BEGIN SOLUTION
        with self.lock:
            while len(self.items) == self.places:
                self.not_full.wait()
            self.items.append(item)
            self.not_empty.notify()
        ### END SOLUTION

    def take(self):
        """Wait for an item, then take the one that came first."""
        ### BEGIN SOLUTION
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.popleft()
            self.not_full.notify()
            return item
        ### END SOLUTION


# %% id="7a-check" tags=["check"]
check("len(run(put_alone(2, places=2)).result)", 2, why="two places hold two items; nobody has to wait")
check("how_it_waits(take_alone)", "asleep", why="who waits sleeps; a loop that looks again and again is no waiting")
check("how_it_waits(put_alone(2, places=1))", "asleep", why="one place holds one item: the second put has to sleep")
check("explore(trade(1, 1, 2, 1))", why="what is put is taken, once and in order, whoever comes first")
check("explore(trade(1, 1, 2, 1), spurious=True)", why="to be woken is no promise: look again, with `while`")
check("explore(trade(1, 2, 2, 1))", why="a notify wakes one thread; it must be one that can use the news: two kinds of waiting")
check("explore(two_shelves)", why="every shelf needs a lock and conditions of its own")
### BEGIN HIDDEN TESTS
check("explore(trade(2, 1, 1, 1), spurious=True)", why="two makers may wait for the same free place")
check("explore(trade(1, 2, 2, 2))", why="with two places, too, nothing is lost and nobody sleeps for ever")
check("how_it_waits(put_alone(3, places=2))", "asleep", why="the third of two places has to wait")
check("explore(put_alone(3, places=3))", why="three places hold three items; nobody has to wait")
check("explore(trade(1, 1, 3, 2))", why="with two places, too, the first to come is the first to go")
### END HIDDEN TESTS

# %% [markdown] id="7b-text"
# ## 7b · A semaphore, made of a mutex and a condition
#
# `Permits(value)` begins with so many permits. `acquire()` takes one, and sleeps while there is none. `release()` gives one; any
# thread may, and a permit that nobody waits for is kept for who comes later.
#
# You have a `Mutex`, a `Condition` and a number. (labkit's own `Semaphore` would be too easy.)


# %% id="7b-room"
def room(permits, visitors, stay=1):
    """A program: visitors come in with a permit. There may never be more inside than there are permits."""

    def main():
        door, inside = Permits(permits), Atomic(0, name="inside")

        def visit():
            for _ in range(stay):
                door.acquire()
                assert inside.fetch_add(1) < permits, "too many inside"
                inside.fetch_add(-1)
                door.release()

        for thread in [spawn(visit) for _ in range(visitors)]:
            thread.join()

    return main


# %% id="7b-passing-on"
def handed_over(threads, before):
    """A program: `before` permits are given first, the others while threads may wait for them; all get one."""

    def main():
        bell = Permits(0)
        for _ in range(before):
            bell.release()
        waiting = [spawn(bell.acquire) for _ in range(threads)]
        for _ in range(threads - before):
            bell.release()
        for thread in waiting:
            thread.join()

    return main


# %% id="7b-overlap"
def overlap():
    """Two permits, two visitors: were both inside at once?"""
    door, inside = Permits(2), Atomic(0)

    def visit():
        door.acquire()
        alone = inside.fetch_add(1) == 0
        inside.fetch_add(-1)
        door.release()
        return not alone

    first, second = spawn(visit), spawn(visit)
    return first.join() | second.join()


# %% id="7b-none-left"
def none_left():
    """One permit, and somebody wants two."""
    bell = Permits(1)
    bell.acquire()
    spawn(bell.acquire, name="waits").join()


# %% id="7b-solution" tags=["exercise"]
class Permits:
    """A semaphore."""

    def __init__(self, value):
        ### BEGIN SOLUTION
        self.value = value
        self.lock = Mutex("permits")
        self.some = Condition(self.lock, name="some")
        ### END SOLUTION

    def acquire(self):
        """Take a permit; sleep while there is none."""
        ### BEGIN SOLUTION
        with self.lock:
            while self.value == 0:
                self.some.wait()
            self.value -= 1
        ### END SOLUTION

    def release(self):
        """Give one permit."""
        ### BEGIN SOLUTION
        with self.lock:
            self.value += 1
            self.some.notify()
        ### END SOLUTION


# %% id="7b-check" tags=["check"]
check("run(handed_over(2, before=2)).result", None, why="permits that are given early are kept: a semaphore remembers")
check("how_it_waits(none_left)", "asleep", why="without a permit a thread sleeps; it does not look again and again")
check("explore(handed_over(1, before=0))", why="whoever sleeps must hear of the new permit, in every schedule")
check("explore(handed_over(2, before=0))", why="two sleep and two permits come: both have to wake")
check("explore(room(1, 2, stay=2))", why="one permit admits one thread at a time")
check("explore(room(1, 2), spurious=True)", why="to be woken is not to have a permit: look again")
check("True in explore(overlap).outcomes", why="two permits admit two at once; the mutex guards the number, not the room")
### BEGIN HIDDEN TESTS
check("explore(room(1, 3))", why="a permit may be gone before the thread that was woken comes to take it")
check("str(explore(room(2, 3), runs=150).failure)", "None", why="two permits, three threads: never three inside, and all get in")
check("explore(handed_over(3, before=1))", why="early and late permits are worth the same")
check("explore(handed_over(2, before=0), spurious=True)", why="to be woken is not to have a permit: look again")
### END HIDDEN TESTS

# %% [markdown] id="7c-text"
# ## 7c · A barrier that can be used again
#
# `Gate(n)`: a thread that calls `wait()` sleeps until `n` threads have called it; then all go on. The same gate is used round
# after round, and a fast thread may be back at it while the slow ones of the last round are still waking up. It must not slip
# through on the old round's number, and it must not shut the slow ones in.


# %% id="7c-rounds"
def rounds(n, times):
    """A program: n walkers meet at one gate so many times. Who is through knows that all n have come in this round."""

    def main():
        gate, come = Gate(n), [Atomic(0, name=f"come in round {r}") for r in range(times)]

        def walk():
            for r in range(times):
                come[r].fetch_add(1)
                gate.wait()
                assert come[r].load() == n, f"through the gate in round {r}, but not all had come"

        for thread in [spawn(walk) for _ in range(n)]:
            thread.join()

    return main


# %% id="7c-too-few"
def too_few(n):
    """A program: only n - 1 come to a gate for n."""

    def main():
        gate = Gate(n)
        for thread in [spawn(gate.wait) for _ in range(n - 1)]:
            thread.join()

    return main


# %% id="7c-solution" tags=["exercise"]
class Gate:
    """A reusable barrier for n threads."""

    def __init__(self, n):
        ### BEGIN SOLUTION
        self.n, self.come, self.round = n, 0, 0
        self.lock = Mutex("gate")
        self.opened = Condition(self.lock, name="opened")
        ### END SOLUTION

    def wait(self):
        """Sleep until n threads have come, then go on."""
        ### BEGIN SOLUTION
        with self.lock:
            mine = self.round
            self.come += 1
            if self.come == self.n:
                self.come = 0
                self.round += 1
                self.opened.notify_all()
            while self.round == mine:
                self.opened.wait()
        ### END SOLUTION


# %% id="7c-check" tags=["check"]
check("run(rounds(1, 3)).result", None, why="a gate for one never makes anybody wait")
check("how_it_waits(too_few(2))", "asleep", why="one of two has come: it sleeps, and does not spin or yield round")
check("explore(rounds(2, 1))", why="nobody may go on before both have come, in every schedule")
check("explore(rounds(2, 2))", why="the second round begins while the first one ends: do not mix them up")
check("run(rounds(3, 2)).result", None, why="two sleep when the last one comes, and both must wake; n is not always 2")
check("explore(rounds(2, 1), spurious=True)", why="to be woken is not to be let through: look again")
### BEGIN HIDDEN TESTS
check("str(explore(rounds(3, 1), runs=200).failure)", "None", why="nobody may go on before all three have come")
check("str(explore(rounds(2, 3), runs=200).failure)", "None", why="odd rounds, even rounds, all rounds")
check("str(explore(rounds(2, 2), spurious=True, runs=200).failure)", "None", why="to be woken is not to be let through")
check("how_it_waits(too_few(3))", "asleep", why="two of three have come: they sleep")
check("str(explore(rounds(3, 2), runs=150).failure)", "None", why="three walkers, two rounds: no schedule lets one run ahead")
### END HIDDEN TESTS

# %% [markdown] id="7d-text"
# ## 7d · Readers and writers, and nobody starves
#
# Any number of readers may be inside together; a writer is inside alone. `Archive` has four methods: `enter_read`,
# `leave_read`, `enter_write`, `leave_write`.
#
# **Nobody starves**: if readers come in an endless stream, so that the room is never empty, a writer that waits must still get
# in. If writers come in an endless stream, a reader must. The simplest way is first come, first served.
#
# `stream` is the test: visitors `(kind, comes at ms, stays ms)` on the virtual clock, and it tells who got in, in order.


# %% id="7d-stream"
def stream(visitors):
    """Who got in, in order: stream([("r", 0, 5), ("w", 1, 2)]) is ["r0", "w1"] (the number is the place in the list)."""
    got_in = []

    def visit(archive, name, enter, leave, comes_ms, stays_ms):
        sleep(comes_ms / 1000)
        enter()
        got_in.append(name)
        sleep(stays_ms / 1000)
        leave()

    run(lambda: send_in(visit, Archive(), visitors), machine="cooperative")
    return got_in


# %% id="7d-send-in"
def send_in(visit, archive, visitors):
    """Spawn a thread for each visitor, and wait until all have been inside."""
    verbs = {"r": (archive.enter_read, archive.leave_read), "w": (archive.enter_write, archive.leave_write)}
    threads = [
        spawn(visit, archive, f"{kind}{i}", *verbs[kind], comes_ms, stays_ms, name=f"{kind}{i}")
        for i, (kind, comes_ms, stays_ms) in enumerate(visitors)
    ]
    for thread in threads:
        thread.join()


# %% id="7d-never-empty"
def came_before(kind, many):
    """How many of 20 got in before the one of the other kind, who came second; they come every 2 ms and stay 3 ms."""
    stray = "w" if kind == "r" else "r"
    order = stream([(kind, 0, 3), (stray, 1, 3), *((kind, 2 * i, 3) for i in range(1, many))])
    return order.index(f"{stray}1")


# %% id="7d-write-and-read"
def write(archive, page):
    """Change both sides. Whoever looks in between sees a page half written."""
    archive.enter_write()
    page["left"] += 1
    page["right"] += 1
    archive.leave_write()


def read(archive, page):
    """Look at both sides: they must be equal."""
    archive.enter_read()
    assert page["left"] == page["right"], "a reader saw a page half written"
    archive.leave_read()


# %% id="7d-archive-at-work"
def archive_at_work(readers, writers):
    """A program: so many readers and writers at one page."""

    def main():
        archive, page = Archive(), {"left": 0, "right": 0}
        threads = [spawn(write, archive, page, name=f"writer{i}") for i in range(writers)]
        threads += [spawn(read, archive, page, name=f"reader{i}") for i in range(readers)]
        for thread in threads:
            thread.join()
        assert page == {"left": writers, "right": writers}, f"a writing was lost: {page}"

    return main


# %% id="7d-together"
def together():
    """A writer is inside, two readers come. When it has gone, the readers meet inside: neither leaves before the other is in."""
    archive, inside = Archive(), Barrier(2, name="inside")

    def look():
        archive.enter_read()
        inside.wait()
        archive.leave_read()

    archive.enter_write()
    readers = [spawn(look, name=f"reader{i}") for i in range(2)]
    archive.leave_write()
    for thread in readers:
        thread.join()


# %% id="7d-locked-out"
def locked_out(come):
    """A program: a writer is inside and stays; one more comes, as come(archive) says."""

    def main():
        archive = Archive()
        archive.enter_write()
        come(archive)

    return main


# %% id="7d-solution" tags=["exercise"]
class Archive:
    """A readers-writers lock: first come, first served."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.lock = Mutex("archive")
        self.changed = Condition(self.lock, name="changed")
        self.readers, self.writing = 0, False
        self.next_number, self.turn = 0, 0
        ### END SOLUTION

    def enter_read(self):
        """Come in beside other readers."""
        ### BEGIN SOLUTION
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing:
                self.changed.wait()
            self.turn += 1
            self.readers += 1
            self.changed.notify_all()
        ### END SOLUTION

    def leave_read(self):
        """Go out as a reader."""
        ### BEGIN SOLUTION
        with self.lock:
            self.readers -= 1
            self.changed.notify_all()
        ### END SOLUTION

    def enter_write(self):
        """Come in alone."""
        ### BEGIN SOLUTION
        with self.lock:
            number = self.next_number
            self.next_number += 1
            while number != self.turn or self.writing or self.readers:
                self.changed.wait()
            self.turn += 1
            self.writing = True
        ### END SOLUTION

    def leave_write(self):
        """Go out as the writer."""
        ### BEGIN SOLUTION
        with self.lock:
            self.writing = False
            self.changed.notify_all()
        ### END SOLUTION


# %% id="7d-check" tags=["check"]
check('stream([("r", 0, 5), ("r", 1, 5), ("w", 20, 1)])', ["r0", "r1", "w2"], why="whoever comes gets in")
check("explore(archive_at_work(1, 1))", why="a writer is alone: no reader may see a page half written")
check("explore(archive_at_work(0, 2))", why="two writers are never inside together")
check("explore(archive_at_work(1, 1), spurious=True)", why="to be woken is not to be let in: look again")
check("how_it_waits(locked_out(Archive.enter_read))", "asleep", why="who waits sleeps; it does not look again and again")
check("explore(together)", why="readers are inside together, and each of them has to hear that it may come in")
check('came_before("r", 20) < 19', why="the room is never empty, and the writer came second: it may not be the last")
check('came_before("w", 20) < 19', why="nor may a stream of writers keep a reader out for ever")
### BEGIN HIDDEN TESTS
check("explore(archive_at_work(2, 1))", why="the last reader lets the writer in, not the first")
check("explore(archive_at_work(1, 2))", why="two writers and a reader: each is alone")
check("how_it_waits(locked_out(Archive.enter_write))", "asleep", why="a writer sleeps, too, while it waits")
check('came_before("r", 60) < 50', why="a longer stream must not mean a longer wait")
check('came_before("w", 60) < 50', why="a longer stream must not mean a longer wait")
check('len(stream([("r", 0, 5), ("r", 1, 6), ("w", 2, 1), ("r", 3, 1)]))', 4, why="who is woken may not be able to go")
check('stream([("w", 0, 9), ("r", 1, 5), ("r", 2, 5)])', ["w0", "r1", "r2"], why="readers who waited for a writer all come in")
### END HIDDEN TESTS

# %% [markdown] id="7e-text"
# ## 7e · Lines in a bag
#
# `withdraw(amount)` waits until there is enough money; `deposit(amount)` brings some. Below are the lines of both methods, out of
# order, and some **lines that do not belong there**. Each line keeps its indentation and is used at most once.
#
# Return the letters in the right order, as a text: `"a b c"`. There is more than one right order. The check builds the class from
# your lines and explores it.

# %% id="7e-lines"
LINES = {
    "a": "            self.balance -= amount",
    "b": "            if self.balance < amount:",
    "c": "        with self.lock:",
    "d": "            self.changed.notify()",
    "e": "    def deposit(self, amount):",
    "f": "                self.changed.wait()",
    "g": "            while self.balance < amount:",
    "h": "            self.balance += amount",
}

# %% id="7e-more-lines"
LINES |= {
    "i": "        while self.balance < amount:",
    "j": "            self.changed.notify_all()",
    "k": "            sched_yield()",
    "l": "        with self.lock:",
    "m": "                sched_yield()",
    "n": "            self.lock.release()",
    "o": "    def withdraw(self, amount):",
    "p": '            print("there is money again")',
}
for letter, line in LINES.items():
    print(letter, line)

# %% id="7e-head"
HEAD = """\
class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = Mutex("account")
        self.changed = Condition(self.lock, name="changed")
"""


def written(letters):
    """The class with the lines in this order."""
    return HEAD + "".join(f"\n{LINES[letter]}" for letter in letters.split())


# %% id="7e-build"
def build(letters):
    """Make the class, so that explore() can read its lines."""
    assert len(set(letters.split())) == len(letters.split()), "each line is there once: use no letter twice"
    source = written(letters)
    linecache.cache["<your lines>"] = (len(source), None, source.splitlines(keepends=True), "<your lines>")
    names = dict(globals())
    exec(compile(source, "<your lines>", "exec"), names)
    return names["Account"]


# %% id="7e-wishes"
def wishes(*amounts, deposits):
    """A program: somebody withdraws each amount, and the deposits come. Everybody gets the money, but never too early."""
    account_class = build(order())

    def main():
        account = account_class(0)
        threads = [spawn(wish, account, amount, name=f"wants-{amount}") for amount in amounts]
        for amount in deposits:
            account.deposit(amount)
        for thread in threads:
            thread.join()
        assert account.balance == sum(deposits) - sum(amounts)

    return main


# %% id="7e-wish"
def wish(account, amount):
    account.withdraw(amount)
    assert account.balance >= 0, "more was paid out than there was"


# %% id="7e-solution" tags=["exercise"]
def order():
    """The letters of the lines, in order, with blanks between them."""
    ### BEGIN SOLUTION
    return "o c g f a e l h j"
    ### END SOLUTION


# %% id="7e-look" tags=["skip-execution"]
for number, line in enumerate(written(order()).splitlines(), 1):
    print(f"{number:2} {line}")

# %% id="7e-check" tags=["check"]
check("run(wishes(deposits=[5])).result", None, why="the lines are two whole methods: deposit and withdraw")
check("how_it_waits(wishes(10, deposits=[]))", "asleep", why="without money withdraw sleeps, until somebody notifies")
check("explore(wishes(10, deposits=[10]))", why="whoever comes first, the money arrives; print wakes nobody")
check("explore(wishes(10, deposits=[10]), spurious=True)", why="to be woken is not to have the money: look again")
check("explore(wishes(50, 10, deposits=[10, 50]))", why="each waits for another amount: who is woken may not be who can go on")
check("explore(wishes(10, 10, deposits=[20]))", why="one deposit may be enough for two")
### BEGIN HIDDEN TESTS
check("explore(wishes(10, 10, deposits=[5, 5, 10]))", why="a deposit that is not enough wakes somebody who must sleep again")
check("explore(wishes(50, deposits=[10, 40]), spurious=True)", why="to be woken is no promise")
check("explore(wishes(10, deposits=[5, 5]))", why="two halves are a whole")
### END HIDDEN TESTS

# %% [markdown] id="keep"
# Done? Look at your five classes side by side. Each has a lock, some data that belong to it, and for each reason to wait a
# condition and a `while`. Programs with this shape are called **monitors**.
#
# Ask yourself of 7d: how could all explorations pass and the archive still be wrong? (Who does not fail, but waits?)
#
# The words are in the [glossary](../GLOSSARY.md).
