"""explore(main, races=True): two accesses that nothing orders are a failure; what a primitive orders is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
    explore,
    no_preempt,
    sched_yield,
    spawn,
)
from labkit.explore.races import DataRace
from tests.labkit.explore.wrong import PROGRAMS


def join_all(*functions: Callable[[], Any]) -> None:
    for thread in [spawn(f) for f in functions]:
        thread.join()


def bare() -> None:
    x = [0]

    def add() -> None:
        x[0] += 1

    join_all(add, add)


def test_a_race_is_found_although_every_result_is_right() -> None:
    def main() -> int:
        x = [0]

        def one() -> None:
            x[0] = 1

        join_all(one, one)
        return x[0]

    assert explore(main).passed
    verdict = explore(main, races=True)
    assert [f.kind for f in verdict.failures] == ["data_race"]
    assert verdict.failing == verdict.runs
    assert verdict.outcomes == {1: verdict.runs}


def test_both_accesses_are_named() -> None:
    race = explore(bare, races=True).failures[0].error
    assert isinstance(race, DataRace)
    assert {race.first.thread, race.second.thread} == {"A", "B"}
    assert race.first.place == race.second.place == "x[0]"
    assert "writes" in (race.first.verb, race.second.verb)
    assert race.first.line == race.second.line > 0


def test_each_pair_of_lines_is_told_once() -> None:
    assert len(explore(bare, races=True).failures) == 2  # read and write, write and write


def test_a_race_is_explained() -> None:
    text = str(explore(bare, races=True).explain())
    assert text.startswith("Data race on x[0]: two accesses, at least one of them a write, and nothing orders them.")
    assert "Nothing makes the one wait for the other" in text


def test_a_program_fails_no_more_often_than_it_runs() -> None:
    verdict = explore(bare, races=True)
    assert str(verdict).startswith("Failed: 4 of 4 schedules fail in 2 ways.")


def test_without_being_asked_for_a_race_is_no_failure() -> None:
    assert explore(bare).passed


def test_a_race_that_ends_in_a_deadlock_is_still_told_as_a_race() -> None:
    failures = explore(PROGRAMS["flag_tested_outside_the_lock"], races=True).failures
    assert {f.kind for f in failures} == {"data_race", "lost_wakeup"}
    for failure in failures:
        assert isinstance(failure.error, DataRace) == (failure.kind == "data_race")


def test_only_reading_is_no_race() -> None:
    def main() -> None:
        x = [0]
        join_all(lambda: x[0], lambda: x[0])

    assert explore(main, races=True).passed


def test_a_plain_flag_orders_nothing() -> None:
    def main() -> None:
        ready, box = [False], [0]

        def give() -> None:
            box[0] = 1
            ready[0] = True

        def take() -> None:
            while not ready[0]:
                sched_yield()
            box[0] += 1

        join_all(give, take)

    places = {f.error.first.place for f in explore(main, races=True).failures if isinstance(f.error, DataRace)}
    assert places == {"ready[0]", "box[0]"}


def test_the_wrong_lock_orders_nothing() -> None:
    def main() -> None:
        x, one, other = [0], Mutex(), Mutex()

        def first() -> None:
            with one:
                x[0] = 1

        def second() -> None:
            with other:
                x[0] = 2

        join_all(first, second)

    assert "data_race" in {f.kind for f in explore(main, races=True).failures}


def test_two_readers_under_a_read_lock_that_write_do_race() -> None:
    def main() -> None:
        x, lock = [0], RWLock()

        def write() -> None:
            with lock.read():
                x[0] = 1

        join_all(write, write)

    assert not explore(main, races=True).passed


def test_a_failed_try_orders_nothing() -> None:
    def main() -> None:
        x, lock = [0], Mutex()

        def holds() -> None:
            with lock:
                x[0] = 1

        def tries() -> None:
            if lock.acquire(blocking=False):
                lock.release()
            else:
                x[0] = 2

        join_all(holds, tries)

    assert "data_race" in {f.kind for f in explore(main, races=True).failures}


def test_a_semaphore_for_two_lets_two_race() -> None:
    def main() -> None:
        x, two = [0], Semaphore(2)

        def work() -> None:
            with two:
                x[0] = 1

        join_all(work, work)

    assert not explore(main, races=True).passed


def test_what_comes_before_spawn_and_after_join_is_ordered() -> None:
    def main() -> None:
        x = [0]

        def add() -> None:
            x[0] += 1

        x[0] = 5
        first = spawn(add)
        first.join()
        x[0] += 1
        second = spawn(add)
        third = spawn(lambda: None)
        second.join()
        x[0] += 1
        third.join()

    assert explore(main, races=True).passed


def test_a_thread_that_joins_another_orders_it_for_the_next() -> None:
    def main() -> None:
        x = [0]

        def write() -> None:
            x[0] = 1

        first = spawn(write)

        def after() -> None:
            first.join()
            x[0] = 2

        spawn(after).join()
        x[0] = 3

    assert explore(main, races=True).passed


# ---- primitives as hand-over: nothing here may be called a race


def guarded_by(make: Callable[[], Any]) -> Callable[[], None]:
    def main() -> None:
        x, lock = [0], make()

        def add() -> None:
            with lock:
                x[0] += 1

        join_all(add, add, add)

    return main


def read_write_lock() -> None:
    x, lock = [0], RWLock()

    def write() -> None:
        with lock.write():
            x[0] += 1

    def read() -> None:
        with lock.read():
            assert x[0] >= 0

    join_all(write, read)


def event() -> None:
    x, done = [0], Event()

    def give() -> None:
        x[0] = 1
        done.set()

    def take() -> None:
        done.wait()
        x[0] += 1

    join_all(give, take)


def polled_event() -> None:
    x, done = [0], Event()

    def give() -> None:
        x[0] = 1
        done.set()

    def take() -> None:
        while not done.is_set():
            sched_yield()
        x[0] += 1

    join_all(give, take)


def semaphore_as_signal() -> None:
    x, given = [0], Semaphore(0)

    def give() -> None:
        x[0] = 1
        given.release()

    def take() -> None:
        given.acquire()
        x[0] += 1

    join_all(give, take)


def condition() -> None:
    items: list[int] = []
    change = Condition()

    def give() -> None:
        with change:
            items.append(1)
            change.notify()

    def take() -> None:
        with change:
            change.wait_for(lambda: items)
            items.pop()

    join_all(give, take)


def barrier() -> None:
    parts, meet = [0, 0], Barrier(2)

    def work(i: int) -> None:
        for _ in range(2):
            parts[i] += 1
            meet.wait()
            assert parts[1 - i] >= 1
            meet.wait()

    join_all(lambda: work(0), lambda: work(1))


def channel(capacity: int) -> Callable[[], None]:
    def main() -> None:
        pipe, box = Channel(capacity), [0]

        def send() -> None:
            box[0] = 1
            pipe.send("full")

        def receive() -> None:
            pipe.receive()
            box[0] += 1

        join_all(send, receive)

    return main


def channel_that_waits_for_its_receiver() -> None:
    pipe, box = Channel(), [0]

    def send() -> None:
        pipe.send("empty it")
        box[0] += 1

    def receive() -> None:
        box[0] = 1
        pipe.receive()

    join_all(send, receive)


def closed_channel() -> None:
    pipe, box = Channel(1), [0]

    def send() -> None:
        box[0] = 1
        pipe.close()

    def receive() -> None:
        for _ in pipe:
            pass
        box[0] += 1

    join_all(send, receive)


def atomic_flag() -> None:
    flag, box = Atomic(False), [0]

    def give() -> None:
        box[0] = 1
        flag.store(True)

    def take() -> None:
        while not flag.load():
            sched_yield()
        box[0] += 1

    join_all(give, take)


def lock_made_of_an_atomic() -> None:
    taken, x = Atomic(False), [0]

    def add() -> None:
        while not taken.compare_exchange(False, True):
            sched_yield()
        x[0] += 1
        taken.store(False)

    join_all(add, add)


def try_lock() -> None:
    lock, x = Mutex(), [0]

    def add() -> None:
        if lock.acquire(blocking=False):
            x[0] += 1
            lock.release()

    join_all(add, add)


FUNCTIONS = (
    *(read_write_lock, event, polled_event, semaphore_as_signal, condition, barrier, closed_channel),
    *(try_lock, channel_that_waits_for_its_receiver, atomic_flag, lock_made_of_an_atomic),
)
ORDERED: dict[str, Callable[[], None]] = {
    **{kind.__name__: guarded_by(kind) for kind in (Mutex, RLock, Spinlock, Condition)},
    "Semaphore": guarded_by(lambda: Semaphore(1)),
    "no_preempt": guarded_by(lambda: no_preempt),
    "channel of 0": channel(0),
    "channel of 1": channel(1),
    **{f.__name__: f for f in FUNCTIONS},
}


@pytest.mark.parametrize("name", ORDERED)
def test_what_a_primitive_orders_is_no_race(name: str) -> None:
    verdict = explore(ORDERED[name], races=True)
    assert verdict.passed, verdict
