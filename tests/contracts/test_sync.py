"""What every primitive promises, on every machine: threading's verbs, fairness, timeouts, and what bad use is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import (
    Atomic,
    Barrier,
    Channel,
    Condition,
    Event,
    Mutex,
    RLock,
    RWLock,
    Semaphore,
    Spinlock,
    burn,
    current_thread,
    now,
    run,
    sched_yield,
    sleep,
    spawn,
)
from labkit.errors import BrokenBarrier, Closed, LabError, NotInRun, NotOwner
from labkit.sync import ALL
from tests.contracts.variants import EXACT, LONG, SOON, VARIANTS, VIRTUAL, Variant, blocked, each, result, until

LOCKS: dict[str, Callable[[], tuple[Callable[..., bool], Callable[[], None]]]] = {
    "Mutex": lambda: verbs(Mutex("it")),
    "RLock": lambda: verbs(RLock("it")),
    "Spinlock": lambda: verbs(Spinlock("it")),
    "Semaphore": lambda: verbs(Semaphore(1, "it")),
    "Condition": lambda: verbs(Condition(name="it")),
    "RWLock.write": lambda: writing(RWLock("it")),
}
"""Everything that admits one thread at a time, as (acquire, release)."""
QUEUED = [name for name in LOCKS if name != "Spinlock"]
each_lock = pytest.mark.parametrize("kind", LOCKS)


def verbs(lock: Any) -> tuple[Callable[..., bool], Callable[[], None]]:
    """A lock's acquire and release."""
    return lock.acquire, lock.release


def writing(lock: RWLock) -> tuple[Callable[..., bool], Callable[[], None]]:
    """The writers' acquire and release."""
    return lock.acquire_write, lock.release_write


# ---- threading is the oracle


KINDS = {
    "lock": (threading.Lock, Mutex, ["acquire_now", "release", "locked"]),
    "rlock": (threading.RLock, RLock, ["acquire_now", "acquire", "release"]),
    "semaphore": (lambda: threading.Semaphore(2), lambda: Semaphore(2), ["acquire_now", "release", "release_2"]),
    "event": (threading.Event, Event, ["set", "clear", "is_set", "wait_0"]),
    "condition": (threading.Condition, Condition, ["acquire_now", "release", "notify", "notify_all", "wait_0"]),
    "barrier": (lambda: threading.Barrier(1), lambda: Barrier(1), ["wait", "abort", "reset", "broken", "n_waiting"]),
    "lonely barrier": (lambda: threading.Barrier(2), lambda: Barrier(2), ["wait_0", "abort", "reset", "broken", "parties"]),
}
"""name → threading's object, ours, and what can be done to both without anybody else."""

CALLS: dict[str, Callable[[Any], Any]] = {
    "acquire_now": lambda it: it.acquire(blocking=False),
    "release_2": lambda it: it.release(2),
    "wait_0": lambda it: it.wait(0),
}
SAME_ERRORS: dict[type[BaseException], type[BaseException]] = {
    NotOwner: RuntimeError,
    BrokenBarrier: threading.BrokenBarrierError,
}


def outcome(it: Any, call: str) -> Any:
    """What a call gives, or the class of what it raises, in threading's words."""
    try:
        if call in CALLS:
            return CALLS[call](it)
        member = getattr(it, call)
        return member() if callable(member) else member
    except (RuntimeError, ValueError) as error:
        return SAME_ERRORS.get(type(error), type(error))


def check_against_threading(kind: str, calls: list[str], v: Variant | None = None) -> None:
    """The same calls on threading's object and on ours give the same outcomes."""
    theirs, ours, _ = KINDS[kind]
    oracle = theirs()
    expected = [outcome(oracle, call) for call in calls]

    def main() -> list[Any]:
        it = ours()
        return [outcome(it, call) for call in calls]

    assert (run(main).result if v is None else result(v, main)) == expected


@given(st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_any_sequence_of_calls_does_what_threadings_object_does(kind: str, data: st.DataObject) -> None:
    calls = data.draw(st.lists(st.sampled_from(KINDS[kind][2]), max_size=12))
    check_against_threading(kind, calls)


@each(VARIANTS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_machine_does_what_threadings_object_does(v: Variant, kind: str) -> None:
    names = KINDS[kind][2]
    check_against_threading(kind, [a for b in names for c in names for a in (b, c, b)], v)


class Started(threading.Thread):
    """threading's thread with our verbs."""

    def __init__(self, fn: Callable[..., Any], *args: Any) -> None:
        self.body = lambda: fn(*args)
        self.value: Any = None
        super().__init__()
        self.start()

    def run(self) -> None:
        self.value = self.body()

    def join(self, timeout: float | None = None) -> Any:
        super().join(timeout)
        return self.value


THEIRS = SimpleNamespace(
    Lock=threading.Lock, Condition=threading.Condition, Semaphore=threading.Semaphore, Event=threading.Event,
    Barrier=threading.Barrier, Broken=threading.BrokenBarrierError, spawn=Started, sched_yield=lambda: None,
)  # fmt: skip
OURS = SimpleNamespace(
    Lock=Mutex, Condition=Condition, Semaphore=Semaphore, Event=Event, Barrier=Barrier, Broken=BrokenBarrier, spawn=spawn,
    sched_yield=sched_yield,
)  # fmt: skip


def notify_counts(k: SimpleNamespace) -> Any:
    """notify(2) of five waiting threads wakes two, notify_all the rest."""
    changed, waiting, woken = k.Condition(), [0], [0]

    def waiter() -> bool:
        with changed:
            waiting[0] += 1
            ok = changed.wait()
            woken[0] += 1
            if woken[0] == 2:  # the two have come through and nobody else: now the rest
                changed.notify_all()
        return bool(ok)

    threads = [k.spawn(waiter) for _ in range(5)]
    while True:
        with changed:
            if waiting[0] == 5:
                changed.notify(2)
                break
        k.sched_yield()
    return sorted(t.join() for t in threads), woken


def barrier_rounds(k: SimpleNamespace) -> Any:
    """Every round has one of each number; the action runs once a round."""
    rounds: list[int] = []
    gate = k.Barrier(3, action=lambda: rounds.append(1))
    threads = [k.spawn(lambda: [gate.wait() for _ in range(4)]) for _ in range(3)]
    numbers = [t.join() for t in threads]
    return [sorted(column) for column in zip(*numbers, strict=True)], rounds, gate.broken, gate.n_waiting


def barrier_timeout(k: SimpleNamespace) -> Any:
    """One that gives up breaks the barrier for all, until reset."""
    gate = k.Barrier(3)

    def comer(timeout: float) -> str:
        try:
            gate.wait(timeout)
        except k.Broken:
            return "broken"
        return "through"

    patient = k.spawn(comer, LONG)
    while gate.n_waiting < 1:
        k.sched_yield()
    told = [k.spawn(comer, SOON).join(), patient.join(), gate.broken, comer(SOON)]
    gate.reset()
    return told, gate.broken, [t.join() for t in [k.spawn(comer, LONG) for _ in range(3)]]


def barrier_abort(k: SimpleNamespace) -> Any:
    """abort() and reset() turn away those that wait."""
    out = []
    gate = k.Barrier(2)

    def comer() -> str:
        try:
            gate.wait()
        except k.Broken:
            return "broken"
        return "through"

    for end in ("abort", "reset"):
        t = k.spawn(comer)
        while gate.n_waiting < 1:
            k.sched_yield()
        getattr(gate, end)()
        out.append((t.join(), gate.broken))
        gate.reset()
    return out


def barrier_action_fails(k: SimpleNamespace) -> Any:
    """An action that raises breaks the barrier: the last comer gets its error, the others learn that it broke."""
    gate = k.Barrier(2, action=lambda: 1 // 0)

    def comer() -> str:
        try:
            gate.wait()
        except k.Broken:
            return "broken"
        except ZeroDivisionError:
            return "error"
        return "through"

    return sorted(t.join() for t in [k.spawn(comer) for _ in range(2)]), gate.broken


def semaphore_permits(k: SimpleNamespace) -> Any:
    """Never more than two inside."""
    seats, lock, inside, most = k.Semaphore(2), k.Lock(), [0], [0]

    def guest() -> None:
        for _ in range(10):
            with seats:
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                k.sched_yield()
                with lock:
                    inside[0] -= 1

    for t in [k.spawn(guest) for _ in range(4)]:
        t.join()
    return inside, most[0] <= 2, seats.acquire(blocking=False), seats.acquire(timeout=SOON), seats.acquire(timeout=SOON)


def event_lets_all_go(k: SimpleNamespace) -> Any:
    """set() frees all that wait and all that come."""
    go = k.Event()
    threads = [k.spawn(go.wait, LONG) for _ in range(3)]
    before = go.wait(SOON)
    go.set()
    return before, [t.join() for t in threads], go.wait(), go.is_set()


TOGETHER = [
    notify_counts,
    barrier_rounds,
    barrier_timeout,
    barrier_abort,
    barrier_action_fails,
    semaphore_permits,
    event_lets_all_go,
]


@each(VARIANTS)
@pytest.mark.parametrize("program", TOGETHER, ids=lambda p: p.__name__)
def test_programs_of_several_threads_do_what_they_do_with_threading(v: Variant, program: Callable[[Any], Any]) -> None:
    assert result(v, lambda: program(OURS)) == program(THEIRS)


def test_a_barriers_numbers_are_threadings() -> None:
    def numbers(k: SimpleNamespace) -> list[int]:
        gate, threads = k.Barrier(3), []
        for i in range(3):
            threads.append(k.spawn(gate.wait))
            while i < 2 and gate.n_waiting <= i:
                k.sched_yield()
        return [t.join() for t in threads]

    assert run(lambda: numbers(OURS)).result == numbers(THEIRS)


# ---- mutual exclusion and fairness


@each(VARIANTS)
@each_lock
def test_a_lock_admits_one_thread_at_a_time(v: Variant, kind: str) -> None:
    def main() -> tuple[int, int]:
        acquire, release = LOCKS[kind]()
        inside, most, count = 0, 0, 0

        def worker() -> None:
            nonlocal inside, most, count
            for i in range(20):
                acquire()
                inside += 1
                most = max(most, inside)
                seen = count
                for _ in range(50):
                    pass
                if i % 4 == 0:
                    sched_yield()
                count = seen + 1
                inside -= 1
                release()

        for t in [spawn(worker) for _ in range(4)]:
            t.join()
        return most, count

    assert result(v, main) == (1, 80)


@each(VARIANTS)
@pytest.mark.parametrize("kind", QUEUED)
def test_a_lock_goes_to_the_thread_that_has_waited_longest(v: Variant, kind: str) -> None:
    def main() -> list[int]:
        acquire, release = LOCKS[kind]()
        order: list[int] = []

        def worker(i: int) -> None:
            acquire()
            order.append(i)
            sched_yield()
            release()

        acquire()
        threads = []
        for i in range(5):
            threads.append(spawn(worker, i))
            until(blocked(threads[-1]))
        release()
        acquire()  # came last, so it gets the lock last, although it never left the processor
        order.append(99)
        release()
        for t in threads:
            t.join()
        return order

    assert result(v, main) == [0, 1, 2, 3, 4, 99]


@each(VARIANTS)
@each_lock
def test_with_releases_also_after_an_exception(v: Variant, kind: str) -> None:
    made = {"Mutex": Mutex, "RLock": RLock, "Spinlock": Spinlock, "Semaphore": Semaphore, "Condition": Condition}

    def main() -> bool:
        lock = made[kind]() if kind in made else RWLock()
        for _ in range(2):
            with pytest.raises(KeyError), lock if kind in made else lock.write():
                raise KeyError
        return bool(lock.acquire(blocking=False) if kind in made else lock.acquire_write(blocking=False))

    assert result(v, main) is True


@each(VARIANTS)
@each_lock
def test_a_taken_lock_refuses_at_once_or_after_the_timeout(v: Variant, kind: str) -> None:
    def main() -> Any:
        acquire, release = LOCKS[kind]()
        acquire()

        def other() -> tuple[bool, bool, bool, bool]:
            start = now()
            told = acquire(blocking=False), acquire(timeout=0), acquire(timeout=SOON)
            return *told, now() - start >= SOON

        told = spawn(other).join()
        release()
        return told, spawn(lambda: (acquire(timeout=LONG), release())[0]).join()

    assert result(v, main) == ((False, False, False, True), True)


@each(VIRTUAL)
def test_a_timeout_on_the_virtual_clock_lasts_as_long_as_it_says(v: Variant) -> None:
    def main() -> float:
        start = now()
        Event().wait(1000)
        return now() - start

    assert 1000 <= result(v, main) < 1000.001


@each(VIRTUAL)
@pytest.mark.parametrize("kind", ["Mutex", "RLock", "Semaphore", "RWLock.write"])
def test_a_lock_that_was_handed_over_is_held_although_the_time_ends_before_its_thread_runs(v: Variant, kind: str) -> None:
    def main() -> tuple[bool, bool]:
        acquire, release = LOCKS[kind]()
        acquire()

        def waiter() -> bool:
            got = acquire(timeout=1)
            if got:
                release()
            return got

        t = spawn(waiter)
        until(blocked(t))
        release()
        burn(2)
        return t.join(), acquire(blocking=False)

    told, free = result(v, main)
    assert free, "nobody holds the lock, and it is taken"
    assert told


@each(VIRTUAL)
def test_a_value_that_was_sent_arrives_although_the_time_ends_before_its_receiver_runs(v: Variant) -> None:
    pipe = Channel()

    def main() -> Any:
        t = spawn(pipe.receive, 1)
        until(blocked(t))
        sent = pipe.send("x")
        burn(2)
        try:
            return sent, t.join()
        except TimeoutError:
            return sent, "lost"

    assert result(v, main) == (True, "x")


@each(VARIANTS)
@each_lock
@pytest.mark.parametrize("timeout", [-2, "1", float("nan")])
def test_a_bad_timeout_is_an_error_that_shows_it(v: Variant, kind: str, timeout: Any) -> None:
    def main() -> None:
        acquire, _ = LOCKS[kind]()
        acquire()
        spawn(acquire, True, timeout).join()

    with pytest.raises(LabError, match=r"acquire.*0 or more"):
        result(v, main)


@pytest.mark.parametrize("wait", [lambda: sleep(float("inf")), lambda: Event().wait(float("inf"))])
def test_an_endless_time_is_an_error_of_labkit(wait: Callable[[], Any]) -> None:
    with pytest.raises(LabError):
        run(wait)


# ---- Mutex, RLock, Spinlock, Semaphore


OWNED = {"Mutex": Mutex, "RLock": RLock, "Spinlock": Spinlock}


@each(VARIANTS)
@pytest.mark.parametrize("kind", OWNED)
def test_releasing_a_lock_one_does_not_own_names_thread_lock_and_owner(v: Variant, kind: str) -> None:
    lock = OWNED[kind]("door")

    def main() -> Any:
        with pytest.raises(NotOwner) as free:
            lock.release()
        lock.acquire()
        t = spawn(lock.release, name="thief")
        with pytest.raises(NotOwner) as taken:
            t.join()
        lock.release()
        return str(free.value), str(taken.value)

    free, taken = result(v, main)
    for word in ("'main'", f"{kind} 'door'", "nobody holds it"):
        assert word in free
    for word in ("'thief'", f"{kind} 'door'", "'main' holds it"):
        assert word in taken


@each(VARIANTS)
@pytest.mark.parametrize("kind", ["Mutex", "Spinlock"])
def test_acquiring_ones_own_lock_is_an_error_that_names_both(v: Variant, kind: str) -> None:
    lock = OWNED[kind]("door")

    def main() -> bool:
        lock.acquire()
        with pytest.raises(LabError, match=rf"'main' .*{kind} 'door'.*") as caught:
            lock.acquire()
        assert not isinstance(caught.value, NotOwner)
        lock.release()
        return lock.locked() or not lock.acquire()

    assert result(v, main) is False


def test_acquiring_ones_own_mutex_without_timeout_is_an_error_however_it_is_said() -> None:
    lock = Mutex("door")
    with pytest.raises(LabError):
        run(lambda: (lock.acquire(), lock.acquire(timeout=None)))  # type: ignore[arg-type]


@each(VARIANTS)
def test_an_rlock_is_free_after_as_many_releases(v: Variant) -> None:
    lock = RLock()

    def main() -> list[bool]:
        told = [lock.acquire() for _ in range(3)]
        for _ in range(3):
            told.append(spawn(lock.acquire, False).join())
            lock.release()
        return [*told, lock.locked(), spawn(lock.acquire, False).join()]

    assert result(v, main) == [True] * 3 + [False] * 4 + [True]


@each(VARIANTS)
def test_a_condition_gives_an_rlock_up_however_deep_and_takes_it_back_as_deep(v: Variant) -> None:
    lock = RLock()
    changed = Condition(lock)

    def waiter() -> int:
        with lock, lock:
            changed.wait()
            depth = 0
            while lock.owner is current_thread():
                lock.release()
                depth += 1
            lock.acquire()
            lock.acquire()
        return depth

    def main() -> int:
        t = spawn(waiter)
        until(blocked(t))
        with changed:
            changed.notify()
        return int(t.join())

    assert result(v, main) == 2


@each(VARIANTS)
def test_a_spinlock_whose_holder_ended_says_so(v: Variant) -> None:
    lock = Spinlock("door")

    def main() -> None:
        spawn(lock.acquire, name="careless").join()
        lock.acquire()

    with pytest.raises(LabError, match=r"'main' .*Spinlock 'door'.*'careless' ended"):
        result(v, main)


@each(VARIANTS)
def test_a_permit_given_to_a_waiting_thread_cannot_be_taken_by_another(v: Variant) -> None:
    seats = Semaphore(0)

    def main() -> tuple[bool, bool]:
        t = spawn(seats.acquire)
        until(blocked(t))
        seats.release()
        return seats.acquire(blocking=False), t.join()

    assert result(v, main) == (False, True)


# ---- Condition


@each(VARIANTS)
@pytest.mark.parametrize("verb", ["wait", "notify", "notify_all"])
def test_a_condition_without_its_lock_is_an_error_that_names_both(v: Variant, verb: str) -> None:
    changed = Condition(name="changed")
    with pytest.raises(NotOwner, match=r"'main' .*Condition 'changed'.*`with condition:`"):
        result(v, getattr(changed, verb))


@each(VARIANTS)
def test_notify_wakes_in_the_order_of_waiting(v: Variant) -> None:
    changed = Condition()

    def main() -> list[int]:
        order: list[int] = []

        def waiter(i: int) -> None:
            with changed:
                changed.wait()
                order.append(i)

        threads = []
        for i in range(4):
            threads.append(spawn(waiter, i))
            until(blocked(threads[-1]))
        for i in range(4):
            with changed:
                changed.notify()
            until(lambda: len(order) > i)  # noqa: B023
        for t in threads:
            t.join()
        return order

    assert result(v, main) == [0, 1, 2, 3]


@each(VARIANTS)
def test_notify_wakes_as_many_as_it_says_and_no_more(v: Variant) -> None:
    changed, woken = Condition(), []

    def waiter(i: int) -> None:
        with changed:
            changed.wait()
            woken.append(i)

    def main() -> list[int]:
        threads = []
        for i in range(5):
            threads.append(spawn(waiter, i))
            until(blocked(*threads))
        seen = []
        for n in (2, 1, 2):
            with changed:
                changed.notify(n)
            until(lambda: len(woken) >= sum((*seen, n)))  # noqa: B023
            for _ in range(20):
                sched_yield()
            seen.append(len(woken) - sum(seen))
        return seen

    assert result(v, main) == [2, 1, 2]


@each(VARIANTS)
def test_no_notify_is_lost(v: Variant) -> None:
    changed, box = Condition(), []

    def main() -> int:
        def consumer() -> int:
            total = 0
            for _ in range(20):
                with changed:
                    while not box:
                        changed.wait()
                    total += box.pop()
            return total

        threads = [spawn(consumer) for _ in range(3)]
        for i in range(60):
            with changed:
                box.append(i)
                changed.notify()
            if i % 7 == 0:
                sched_yield()
        return sum(t.join() for t in threads)

    assert result(v, main) == sum(range(60))


@each(VARIANTS)
def test_wait_for_returns_what_its_predicate_gave(v: Variant) -> None:
    changed, box = Condition(), []

    def waiter() -> Any:
        with changed:
            return changed.wait_for(lambda: box and box[-1], LONG)

    def joined() -> Any:
        t = spawn(waiter)
        until(blocked(t))
        with changed:
            box.append("treasure")
            changed.notify()
        value = t.join()
        with changed:
            return value, changed.wait_for(list, SOON), changed.wait(SOON)

    assert result(v, joined) == ("treasure", [], False)


# ---- Barrier


@each(EXACT)
def test_an_action_that_sleeps_runs_once_a_round(v: Variant) -> None:
    def main() -> int:
        rounds: list[int] = []

        def action() -> None:
            rounds.append(1)
            sleep(SOON)

        gate = Barrier(2, action)
        for t in [spawn(gate.wait) for _ in range(4)]:
            t.join()
        return len(rounds)

    assert result(v, main) == 2


@each(VARIANTS)
def test_nobody_goes_on_before_the_action_has_run(v: Variant) -> None:
    def main() -> list[bool]:
        done: list[int] = []
        gate = Barrier(3, lambda: done.append(1))

        def comer() -> bool:
            gate.wait()
            return bool(done)

        return [t.join() for t in [spawn(comer) for _ in range(3)]]

    assert result(v, main) == [True] * 3


# ---- RWLock


@each(VARIANTS)
def test_readers_are_together_and_a_writer_is_alone(v: Variant) -> None:
    def main() -> tuple[int, list[str]]:
        lock, gate, wrong = RWLock(), Barrier(4), []
        inside: list[str] = []

        def reader() -> None:
            with lock.read():
                inside.append("r")
                gate.wait()  # ends only when three readers are inside together
                sched_yield()
                if "w" in inside:
                    wrong.append("a reader beside a writer")
                inside.remove("r")

        def writer() -> None:
            for _ in range(5):
                with lock.write():
                    inside.append("w")
                    sched_yield()
                    if inside != ["w"]:
                        wrong.append(f"a writer beside {inside}")
                    inside.remove("w")

        threads = [spawn(reader) for _ in range(3)]
        gate.wait()  # a writer that queued before the third reader came in would keep it out
        threads += [spawn(writer) for _ in range(2)]
        for t in threads:
            t.join()
        return len(inside), wrong

    assert result(v, main) == (0, [])


@each(VARIANTS)
def test_a_stream_of_readers_does_not_keep_a_writer_out(v: Variant) -> None:
    def main() -> list[str]:
        lock, order = RWLock(), []

        def enter(who: str, side: Callable[[], Any]) -> None:
            with side():
                order.append(who)

        with lock.read():
            writer = spawn(enter, "writer", lock.write)
            until(blocked(writer))
            reader = spawn(enter, "late reader", lock.read)
            until(blocked(reader))
        writer.join()
        reader.join()
        return order

    assert result(v, main) == ["writer", "late reader"]


@each(VARIANTS)
def test_a_writer_that_gives_up_lets_the_readers_behind_it_in(v: Variant) -> None:
    def main() -> tuple[bool, bool]:
        lock = RWLock()
        with lock.read():
            writer = spawn(lock.acquire_write, True, 0.05)
            until(blocked(writer))
            reader = spawn(lock.acquire_read, True, LONG)
            return writer.join(), reader.join()

    assert result(v, main) == (False, True)


@each(VARIANTS)
@pytest.mark.parametrize(("verb", "word"), [("release_read", "reader"), ("release_write", "writer")])
def test_leaving_an_rwlock_one_is_not_in_is_an_error_that_names_both(v: Variant, verb: str, word: str) -> None:
    lock = RWLock("page")
    with pytest.raises(NotOwner, match=rf"'main' .*RWLock 'page'.*{word}"):
        result(v, getattr(lock, verb))


# ---- Channel


@each(VARIANTS)
@pytest.mark.parametrize("capacity", [0, 1, 3, 100])
def test_a_channel_hands_over_every_value_once_and_in_order(v: Variant, capacity: int) -> None:
    pipe = Channel(capacity)

    def send_all() -> None:
        for i in range(30):
            pipe.send(i)
        pipe.close()

    assert result(v, lambda: (spawn(send_all), list(pipe))[1]) == list(range(30))


@each(VARIANTS)
@pytest.mark.parametrize("capacity", [0, 1, 3])
def test_a_sender_waits_when_the_channel_is_full(v: Variant, capacity: int) -> None:
    pipe = Channel(capacity)

    def main() -> Any:
        told = [pipe.send(i, SOON) for i in range(capacity + 1)]
        t = spawn(pipe.send, "late", LONG)
        until(blocked(t))
        got = [pipe.receive(LONG) for _ in range(capacity + 1)]
        return told, got, t.join(), len(pipe)

    assert result(v, main) == ([True] * capacity + [False], [*range(capacity), "late"], True, 0)


@each(VARIANTS)
def test_a_receiver_gives_up_after_its_timeout(v: Variant) -> None:
    pipe = Channel(name="pipe")

    def main() -> None:
        with pytest.raises(TimeoutError, match="Channel 'pipe'"):
            pipe.receive(SOON)
        with pytest.raises(TimeoutError):
            pipe.receive(0)

    result(v, main)


@each(VARIANTS)
def test_close_lets_receivers_take_what_is_left_and_turns_all_others_away(v: Variant) -> None:
    def main() -> list[str]:
        pipe = Channel(1, "pipe")
        told = []

        def try_to(verb: Callable[..., Any], *args: Any) -> str:
            try:
                return str(verb(*args))
            except Closed as error:
                return "closed" if "Channel 'pipe'" in str(error) else str(error)

        pipe.send("left")
        sender = spawn(try_to, pipe.send, "too late")
        until(blocked(sender))
        pipe.close()
        told += [sender.join(), try_to(pipe.receive), try_to(pipe.receive), try_to(pipe.send, 1), str(list(pipe))]
        empty = Channel(name="pipe")
        receiver = spawn(try_to, empty.receive)
        until(blocked(receiver))
        empty.close()
        empty.close()
        return [*told, receiver.join()]

    assert result(v, main) == ["closed", "left", "closed", "closed", "[]", "closed"]


@each(VARIANTS)
def test_a_channel_serves_senders_and_receivers_in_the_order_in_which_they_came(v: Variant) -> None:
    def main() -> tuple[list[int], list[int]]:
        pipe: Any = Channel()
        senders = []
        for i in range(4):
            senders.append(spawn(pipe.send, i))
            until(blocked(senders[-1]))
        first = [pipe.receive() for _ in range(4)]
        receivers = []
        for _ in range(4):
            receivers.append(spawn(pipe.receive))
            until(blocked(receivers[-1]))
        for i in range(4):
            pipe.send(i)
        return first, [t.join() for t in receivers]

    assert result(v, main) == ([0, 1, 2, 3], [0, 1, 2, 3])


# ---- Atomic


@each(VARIANTS)
def test_atomic_operations_are_one_step(v: Variant) -> None:
    count, best = Atomic(0), Atomic(0)

    def main() -> tuple[int, int, list[int]]:
        count.store(0)
        best.store(0)

        def worker(me: int) -> list[int]:
            seen = []
            for i in range(30):
                seen.append(count.fetch_add())
                while not best.compare_exchange(old := best.load(), max(old, me * 100 + i)):
                    pass
            return seen

        tickets = [n for t in [spawn(worker, i) for i in range(4)] for n in t.join()]
        return count.load(), best.load(), sorted(tickets)

    assert result(v, main) == (120, 329, list(range(120)))


@each(VARIANTS)
def test_exchange_gives_each_value_to_one_thread(v: Variant) -> None:
    def main() -> list[int]:
        cell = Atomic(0)
        got = [t.join() for t in [spawn(cell.exchange, i) for i in range(1, 9)]]
        return sorted([*got, cell.load()])

    assert result(v, main) == list(range(9))


def test_an_atomic_works_and_lasts_outside_of_a_run() -> None:
    count = Atomic(1)
    count.store(5)
    run(lambda: count.fetch_add(2))
    assert (count.load(), count.exchange(0), count.compare_exchange(0, 3), count.load()) == (7, 7, True, 3)


# ---- bad use


OUTSIDE: dict[str, Callable[[], Any]] = {
    "Mutex": lambda: Mutex("it").acquire(), "RLock": lambda: RLock("it").release(), "Spinlock": lambda: Spinlock("it").acquire(),
    "Semaphore": lambda: Semaphore(1, "it").acquire(), "Condition": lambda: Condition(name="it").notify(),
    "Event": lambda: Event("it").set(), "Barrier": lambda: Barrier(2, name="it").wait(),
    "RWLock": lambda: RWLock("it").acquire_read(),
    "Channel": lambda: Channel(name="it").send(1),
}  # fmt: skip


def test_every_primitive_is_tried_outside_of_a_run() -> None:
    assert set(OUTSIDE) | {"Atomic"} == {kind.__name__ for kind in ALL}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_use_outside_of_a_run_says_to_use_run(kind: str) -> None:
    with pytest.raises(NotInRun, match=r"run\(main\)"):
        OUTSIDE[kind]()


@pytest.mark.parametrize("kind", OUTSIDE)
def test_use_outside_of_a_run_names_the_object(kind: str) -> None:
    with pytest.raises(NotInRun, match=f"{kind} 'it'"):
        OUTSIDE[kind]()


BAD: dict[str, Callable[[], Any]] = {
    "Mutex(name=3)": lambda: Mutex(3),  # type: ignore[arg-type]
    "Semaphore(-1)": lambda: Semaphore(-1),
    "Semaphore(1.5)": lambda: Semaphore(1.5),  # type: ignore[arg-type]
    "Barrier(0)": lambda: Barrier(0),
    "Barrier('2')": lambda: Barrier("2"),  # type: ignore[arg-type]
    "Channel(-1)": lambda: Channel(-1),
    "Condition(7)": lambda: Condition(7),  # type: ignore[arg-type]
    "release(0)": lambda: run(lambda: Semaphore().release(0)),
}


@pytest.mark.parametrize("call", BAD)
def test_wrong_arguments_are_shown(call: str) -> None:
    with pytest.raises(LabError) as caught:
        BAD[call]()
    assert call.partition("(")[2].rstrip(")").removeprefix("name=") in str(caught.value)


# ---- from run to run


@each(VARIANTS)
def test_a_primitive_is_as_new_in_every_run(v: Variant) -> None:
    lock, again, spin, seats, go = Mutex("a"), RLock("b"), Spinlock("c"), Semaphore(1, "d"), Event("e")
    gate, page, pipe, changed = Barrier(2, name="f"), RWLock("g"), Channel(1, "h"), Condition(name="i")

    def main() -> list[Any]:
        fresh = [
            lock.acquire(False), again.acquire(False), spin.acquire(False), seats.acquire(False), go.is_set(), gate.reset(),
            page.acquire_write(False), pipe.send(1, 0), changed.acquire(False),
        ]  # fmt: skip
        go.set()
        gate.abort()
        pipe.close()
        return fresh

    assert result(v, main) == result(v, main) == [True, True, True, True, False, None, True, True, True]
    assert not lock.locked()


@pytest.mark.parametrize(
    "read", [lambda g, p, s: g.broken, lambda g, p, s: len(p), lambda g, p, s: p.closed, lambda g, p, s: s.value]
)
def test_what_can_be_read_is_as_new_in_every_run(read: Callable[..., Any]) -> None:
    gate, pipe, seats = Barrier(2), Channel(1), Semaphore(5)

    def main() -> Any:
        seen = read(gate, pipe, seats)
        seats.acquire()
        pipe.send(1)
        pipe.close()
        gate.abort()
        return seen

    assert run(main).result == run(main).result


@each(VARIANTS)
def test_a_lock_left_taken_by_a_run_that_failed_is_free_in_the_next(v: Variant) -> None:
    lock = Mutex()

    def fails() -> None:
        lock.acquire()
        t = spawn(lock.acquire)
        until(blocked(t))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        result(v, fails)
    assert result(v, lambda: (lock.acquire(False), lock.release())) == (True, None)


@each(VARIANTS)
def test_nameless_primitives_are_numbered_anew_in_every_run(v: Variant) -> None:
    def main() -> list[str]:
        return [Mutex().name, Mutex().name, RLock().name, Channel().name, Mutex("own").name]

    for _ in range(5):
        assert result(v, main) == ["mutex-1", "mutex-2", "rlock-1", "channel-1", "own"]
