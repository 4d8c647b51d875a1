"""Programs with a mistake, as students write them: lessons 6 to 8, and classic ones (SCTBench)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import Atomic, Barrier, Channel, Condition, Event, Mutex, RWLock, Semaphore, Spinlock, sched_yield, spawn

PROGRAMS: dict[str, Callable[[], Any]] = {}
balance = 100
tickets = 1
config: dict[str, int] | None = None


def wrong(main: Callable[[], Any]) -> Callable[[], Any]:
    PROGRAMS[main.__name__] = main
    return main


def together(*functions: Callable[[], Any]) -> None:
    threads = [spawn(f) for f in functions]
    for thread in threads:
        thread.join()


# ---- lesson 6: races and mutual exclusion


def deposit(amount: int) -> None:
    global balance
    old = balance
    balance = old + amount


@wrong
def lost_update() -> None:
    global balance
    balance = 100
    together(lambda: deposit(10), lambda: deposit(50))
    assert balance == 160


@wrong
def lost_increment() -> None:
    hits = [0]

    def visit() -> None:
        hits[0] += 1

    together(visit, visit, visit)
    assert hits[0] == 3


@wrong
def check_then_act() -> None:
    global tickets
    tickets = 1
    sold = []

    def buy(who: str) -> None:
        global tickets
        if tickets > 0:
            tickets -= 1
            sold.append(who)

    together(lambda: buy("ann"), lambda: buy("bob"))
    assert len(sold) == 1


@wrong
def pop_from_empty() -> None:
    jobs = ["job"]

    def work() -> None:
        if jobs:
            jobs.pop()

    together(work, work)


@wrong
def test_then_set_lock() -> None:
    taken = [False]
    inside = [0]
    most = []

    def enter() -> None:
        while taken[0]:
            sched_yield()
        taken[0] = True
        inside[0] += 1
        most.append(inside[0])
        inside[0] -= 1
        taken[0] = False

    together(enter, enter)
    assert max(most) == 1


@wrong
def lock_forgotten_in_one_place() -> None:
    global balance
    balance = 100
    lock = Mutex("door")

    def careful() -> None:
        with lock:
            deposit(10)

    def careless() -> None:
        deposit(50)

    together(careful, careless)
    assert balance == 160


@wrong
def two_locks_for_one_place() -> None:
    global balance
    balance = 100
    one, other = Mutex("one"), Mutex("other")

    def first() -> None:
        with one:
            deposit(10)

    def second() -> None:
        with other:
            deposit(50)

    together(first, second)
    assert balance == 160


@wrong
def lock_let_go_too_early() -> None:
    global balance
    balance = 100
    lock = Mutex()

    def withdraw(amount: int) -> None:
        global balance
        with lock:
            enough = balance >= amount
        if enough:
            with lock:
                balance -= amount

    together(lambda: withdraw(80), lambda: withdraw(70))
    assert balance >= 0


@wrong
def ticket_not_atomic() -> None:
    next_ticket = [0]
    drawn = []

    def draw() -> None:
        mine = next_ticket[0]
        next_ticket[0] = mine + 1
        drawn.append(mine)

    together(draw, draw)
    assert drawn[0] != drawn[1]


@wrong
def atomic_load_and_store() -> None:
    count = Atomic(0, name="count")

    def add() -> None:
        count.store(count.load() + 1)

    together(add, add)
    assert count.load() == 2


class Account:
    def __init__(self, amount: int) -> None:
        self.amount = amount


@wrong
def transfer_seen_half_done() -> None:
    a, b = Account(100), Account(0)
    seen = []

    def transfer() -> None:
        a.amount -= 30
        b.amount += 30

    def audit() -> None:
        seen.append(a.amount + b.amount)

    together(transfer, audit)
    assert seen == [100]


@wrong
def peterson_with_turn_swapped() -> None:
    wants = [False, False]
    turn = [0]
    inside = [0]
    most = []

    def enter(me: int) -> None:
        wants[me] = True
        turn[0] = me
        while wants[1 - me] and turn[0] == 1 - me:
            sched_yield()
        inside[0] += 1
        most.append(inside[0])
        inside[0] -= 1
        wants[me] = False

    together(lambda: enter(0), lambda: enter(1))
    assert max(most) == 1


@wrong
def unlock_forgotten_on_exception() -> None:
    lock = Mutex("door")

    def fails() -> None:
        lock.acquire()
        try:
            int("x")
            lock.release()
        except ValueError:
            pass

    def waits() -> None:
        with lock:
            pass

    together(fails, waits)


@wrong
def unlock_by_another() -> None:
    lock = Mutex("door")
    together(lock.acquire, lock.release)


# ---- lesson 7: condition variables, semaphores, barriers


@wrong
def lost_wakeup() -> None:
    ready = Condition(name="ready")

    def waiter() -> None:
        with ready:
            ready.wait()

    def waker() -> None:
        with ready:
            ready.notify()

    together(waiter, waker)


@wrong
def flag_tested_outside_the_lock() -> None:
    ready = Condition(name="ready")
    done = [False]

    def waiter() -> None:
        if not done[0]:
            with ready:
                ready.wait()

    def waker() -> None:
        done[0] = True
        with ready:
            ready.notify()

    together(waiter, waker)


@wrong
def if_instead_of_while() -> None:
    ready = Condition(name="ready")
    items: list[int] = []

    def take() -> None:
        with ready:
            if not items:
                ready.wait()
            items.pop()

    def put() -> None:
        with ready:
            items.append(1)
            ready.notify_all()

    together(take, take, put, put)


@wrong
def one_condition_for_both() -> None:
    changed = Condition(name="changed")
    items: list[int] = []

    def put() -> None:
        with changed:
            while items:
                changed.wait()
            items.append(1)
            changed.notify()

    def take() -> None:
        with changed:
            while not items:
                changed.wait()
            items.pop()
            changed.notify()

    together(take, take, put, put)


@wrong
def event_set_and_cleared() -> None:
    go = Event("go")

    def starter() -> None:
        go.set()
        go.clear()

    together(go.wait, starter)


@wrong
def barrier_for_one_too_many() -> None:
    meet = Barrier(3, name="meet")
    together(meet.wait, meet.wait)


@wrong
def home_made_barrier_not_reusable() -> None:
    lock = Mutex("lock")
    gate = Semaphore(0, name="gate")
    come = [0]
    round_of: list[int] = []

    def meet() -> None:
        with lock:
            come[0] += 1
            last = come[0] == 2
        if last:
            come[0] = 0
            gate.release()
        else:
            gate.acquire()

    def walk() -> None:
        meet()
        round_of.append(1)
        meet()
        round_of.append(2)

    together(walk, walk)
    assert round_of == [1, 1, 2, 2]


@wrong
def semaphore_never_released() -> None:
    free = Semaphore(1, name="free")
    together(free.acquire, free.acquire)


@wrong
def spins_for_ever() -> None:
    go = [False]

    def waits() -> None:
        while not go[0]:
            sched_yield()

    def starts() -> None:
        go[0] = True
        go[0] = False

    together(waits, starts)


@wrong
def writer_under_a_read_lock() -> None:
    count = [0]
    lock = RWLock("count.lock")

    def add() -> None:
        with lock.read():
            count[0] += 1

    together(add, add)
    assert count[0] == 2


# ---- lesson 8: deadlock and liveness


@wrong
def opposite_locks() -> None:
    a, b = Mutex("a"), Mutex("b")

    def there() -> None:
        with a, b:
            pass

    def back() -> None:
        with b, a:
            pass

    together(there, back)


@wrong
def dining_philosophers() -> None:
    forks = [Mutex() for _ in range(3)]

    def dine(i: int) -> None:
        with forks[i], forks[(i + 1) % 3]:
            pass

    together(lambda: dine(0), lambda: dine(1), lambda: dine(2))


@wrong
def locks_itself_out() -> None:
    lock = Mutex("door")

    def outer() -> None:
        with lock:
            inner()

    def inner() -> None:
        with lock:
            pass

    together(outer)


@wrong
def joins_with_the_lock_held() -> None:
    lock = Mutex("door")

    def worker() -> None:
        with lock:
            pass

    thread = spawn(worker)
    with lock:
        thread.join()


@wrong
def channel_nobody_reads() -> None:
    pipe = Channel(name="pipe")

    def producer() -> None:
        pipe.send(1)
        pipe.send(2)

    together(producer, pipe.receive)


# ---- SCTBench


@wrong
def account_bad() -> None:
    lock = Mutex("m")
    money = [10]

    def put() -> None:
        with lock:
            money[0] += 5

    def take() -> None:
        with lock:
            money[0] -= 5

    def check() -> None:
        with lock:
            assert money[0] == 10

    together(put, take, check)


@wrong
def lazy01_bad() -> None:
    lock = Mutex("m")
    data = [0]

    def one() -> None:
        with lock:
            data[0] += 1

    def two() -> None:
        with lock:
            data[0] += 2

    def three() -> None:
        with lock:
            assert data[0] < 3

    together(one, two, three)


@wrong
def deadlock01_bad() -> None:
    a, b = Spinlock("a"), Spinlock("b")
    counter = [1]

    def one() -> None:
        with a, b:
            counter[0] += 1

    def two() -> None:
        with b, a:
            counter[0] -= 1

    together(one, two)


@wrong
def carter01_bad() -> None:
    m, lock = Mutex("m"), Mutex("l")
    a = [0]
    b = [0]

    def one() -> None:
        with m:
            a[0] += 1
            if a[0] == 1:
                lock.acquire()
        with m:
            a[0] -= 1
            if a[0] == 0:
                lock.release()

    def two() -> None:
        with m:
            b[0] += 1
            if b[0] == 1:
                lock.acquire()
        with m:
            b[0] -= 1
            if b[0] == 0:
                lock.release()

    together(one, two)


@wrong
def reorder_3_bad() -> None:
    a, b = [0], [0]

    def setter() -> None:
        a[0] = 1
        b[0] = -1

    def checker() -> None:
        assert (a[0] == 0 and b[0] == 0) or (a[0] == 1 and b[0] == -1)

    together(setter, setter, setter, checker)


@wrong
def twostage_bad() -> None:
    first, second = Mutex("first"), Mutex("second")
    data1, data2 = [0], [0]

    def writer() -> None:
        with first:
            data1[0] = 1
        with second:
            data2[0] = data1[0] + 1

    def reader() -> None:
        with first:
            if data1[0] == 0:
                return
            seen = data1[0]
        with second:
            assert data2[0] == seen + 1

    together(writer, reader)


@wrong
def stack_bad() -> None:
    lock = Mutex("m")
    stack: list[int] = []
    flag = [False]

    def push() -> None:
        for i in range(2):
            with lock:
                stack.append(i)
                flag[0] = True

    def pop() -> None:
        for _ in range(2):
            if flag[0]:
                with lock:
                    stack.pop()

    together(push, pop)


# ---- wrong order


@wrong
def use_before_set() -> None:
    global config
    config = None

    def load() -> None:
        global config
        config = {"port": 80}

    def serve() -> int:
        assert config is not None
        return config["port"]

    together(load, serve)


@wrong
def forgotten_join() -> None:
    result = [0]

    def work() -> None:
        result[0] = 42

    thread = spawn(work)
    assert result[0] == 42
    thread.join()


@wrong
def always_wrong() -> None:
    total = [0]

    def add() -> None:
        total[0] += 1

    together(add)
    assert total[0] == 2


# ---- the same mistakes in classes, as they are met outside of lessons


class TicketLock:
    def __init__(self) -> None:
        self.next = self.serving = 0

    def acquire(self) -> None:
        mine = self.next
        self.next = mine + 1
        while self.serving != mine:
            sched_yield()

    def release(self) -> None:
        self.serving += 1


@wrong
def ticket_lock_that_gives_one_number_twice() -> None:
    lock = TicketLock()

    def enter() -> None:
        lock.acquire()
        lock.release()

    together(enter, enter)


class Buffer:
    def __init__(self, room: int) -> None:
        self.items: list[int] = []
        self.room = room
        self.lock = Mutex()
        self.not_full = Condition(self.lock)
        self.not_empty = Condition(self.lock)

    def put(self, item: int) -> None:
        with self.lock:
            if len(self.items) == self.room:
                self.not_full.wait()
            self.items.append(item)
            assert len(self.items) <= self.room
            self.not_empty.notify()

    def get(self) -> int:
        with self.lock:
            while not self.items:
                self.not_empty.wait()
            item = self.items.pop(0)
            self.not_full.notify()
            return item


@wrong
def buffer_with_if() -> None:
    buffer = Buffer(1)
    together(*[lambda: buffer.put(0)] * 3, lambda: [buffer.get() for _ in range(3)])


class Gate:
    def __init__(self, n: int) -> None:
        self.n = n
        self.come = 0
        self.all_here = Condition()

    def wait(self) -> None:
        with self.all_here:
            self.come += 1
            if self.come == self.n:
                self.all_here.notify()
            else:
                self.all_here.wait()


@wrong
def barrier_that_wakes_one() -> None:
    gate = Gate(3)
    together(gate.wait, gate.wait, gate.wait)


class Service:
    instance: Service | None = None
    made = 0

    def __init__(self) -> None:
        Service.made += 1

    @classmethod
    def get(cls) -> Service:
        if cls.instance is None:
            cls.instance = Service()
        return cls.instance


@wrong
def two_of_one_kind() -> None:
    Service.instance, Service.made = None, 0
    together(Service.get, Service.get)
    assert Service.made == 1


@wrong
def words_counted_wrong() -> None:
    words: dict[str, int] = {}

    def count() -> None:
        words["b"] = words.get("b", 0) + 1

    together(count, count)
    assert words["b"] == 2


@wrong
def wronglock_bad() -> None:
    data_lock, this_lock = Mutex("dataLock"), Mutex("thisLock")
    data = [0]

    def check() -> None:
        with data_lock:
            x = data[0]
            data[0] += 1
            assert data[0] == x + 1

    def change() -> None:
        with this_lock:
            data[0] += 1

    together(check, change)


class Driver:
    def __init__(self) -> None:
        self.pending = 1
        self.stopping = False
        self.event = Event("may stop")

    def enter(self) -> bool:
        if self.stopping:
            return False
        self.pending += 1
        return True

    def leave(self) -> None:
        self.pending -= 1
        if self.pending == 0:
            self.event.set()


@wrong
def bluetooth_driver_bad() -> None:
    driver = Driver()

    def work() -> None:
        driver.enter()
        driver.leave()

    def stop() -> None:
        driver.stopping = True
        driver.leave()
        driver.event.wait()

    together(work, stop)


@wrong
def transfer_with_two_locks() -> None:
    amount = {"a": 100, "b": 0}
    locks = {"a": Mutex("a's lock"), "b": Mutex("b's lock")}

    def transfer() -> None:
        with locks["a"]:
            amount["a"] -= 30
        with locks["b"]:
            amount["b"] += 30

    def audit() -> None:
        with locks["a"], locks["b"]:
            assert amount["a"] + amount["b"] == 100

    together(transfer, audit)
