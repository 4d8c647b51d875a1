"""Loops that wait: a round that leaves all as it was is followed by a wait, and one that does not is no livelock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from labkit import Atomic, Mutex, sched_yield, spawn
from labkit.explore import explore

Main = Callable[[], Any]


def taken_by_test_and_set(threads: int, rounds: int, yields: bool, comprehension: bool) -> Main:
    def main() -> int:
        flag, inside, total = Atomic(False), 0, 0

        def acquire() -> None:
            if yields:
                while flag.exchange(True):
                    sched_yield()
            else:
                while flag.exchange(True):
                    pass

        def work() -> None:
            nonlocal inside, total
            for _ in range(rounds):
                acquire()
                inside += 1
                assert inside == 1
                inside -= 1
                total += 1
                flag.store(False)

        ts = [spawn(work) for _ in range(threads)]
        if comprehension:
            [t.join() for t in ts]
        else:
            for t in ts:
                t.join()
        return total

    return main


@pytest.mark.parametrize("comprehension", [False, True])
@pytest.mark.parametrize("yields", [False, True])
@pytest.mark.parametrize(("threads", "rounds", "runs"), [(2, 1, 4), (3, 1, 48), (2, 2, 40)])
def test_a_test_and_set_lock_is_explored_to_the_end(
    threads: int, rounds: int, runs: int, yields: bool, comprehension: bool
) -> None:
    verdict = explore(taken_by_test_and_set(threads, rounds, yields, comprehension), runs=200)
    assert verdict.exhausted
    assert verdict.outcomes == {threads * rounds: runs}


def test_a_round_that_writes_what_is_there_already_waits() -> None:
    def main() -> None:
        x = go = False

        def spin() -> None:
            nonlocal x
            while not go:
                x = True

        def let_go() -> None:
            nonlocal go
            go = True

        for t in [spawn(spin), spawn(let_go)]:
            t.join()

    verdict = explore(main, runs=50)
    assert verdict.passed
    assert verdict.exhausted


def test_an_exchange_that_changes_the_value_is_a_write() -> None:
    def main() -> int:
        flag, seen = Atomic(0), []

        def first() -> None:
            seen.append(flag.exchange(1))

        def second() -> None:
            seen.append(flag.exchange(True))  # equal, and not the same

        for t in [spawn(first), spawn(second)]:
            t.join()
        return repr(flag.value)  # type: ignore[return-value]

    assert set(explore(main).outcomes) == {"1", "True"}


class Store:
    def __init__(self, items: Any) -> None:
        self.items, self.lock = items, Mutex("lock")

    def get(self) -> Any:
        self.lock.acquire()
        while not self.items:
            self.lock.release()
            sched_yield()
            self.lock.acquire()
        found = self.items.pop()
        self.lock.release()
        return found

    def put(self, item: int) -> None:
        with self.lock:
            self.items.append(item)


@pytest.mark.parametrize("kind", [list, deque])
def test_a_loop_through_a_lock_that_nobody_will_end_is_a_livelock(kind: type) -> None:
    def main() -> None:
        spawn(Store(kind()).get).join()

    verdict = explore(main, runs=50)
    assert verdict.exhausted
    assert [f.kind for f in verdict.failures] == ["livelock"]


@pytest.mark.parametrize("kind", [list, deque])
def test_a_loop_that_gives_its_lock_back_lets_others_in(kind: type) -> None:
    def main() -> Any:
        store = Store(kind())
        return [t.join() for t in [spawn(store.get), spawn(store.put, 1)]]

    verdict = explore(main, runs=50)
    assert verdict.exhausted
    assert list(verdict.outcomes) == ["[1, None]"]


@pytest.mark.parametrize(("threads", "chairs"), [(2, 1), (3, 1), (3, 2)])
def test_a_spin_through_a_lock_is_explored_to_the_end(threads: int, chairs: int) -> None:
    def main() -> int:
        inside = most = 0
        lock = Mutex("lock")

        def sit() -> None:
            nonlocal inside, most
            while True:
                with lock:
                    if inside < chairs:
                        inside += 1
                        most = max(most, inside)
                        break
            with lock:
                inside -= 1

        ts = [spawn(sit) for _ in range(threads)]
        for t in ts:
            t.join()
        return most

    verdict = explore(main, runs=500)
    assert verdict.exhausted
    assert set(verdict.outcomes) == set(range(1, chairs + 1))


def test_an_assertion_is_told_although_another_thread_spins_beside_it() -> None:
    def main() -> None:
        store = Store([])
        t = spawn(store.get)
        with store.lock:
            assert store.items
        t.join()

    assert "assertion" in [f.kind for f in explore(main, runs=50).failures]


# ---- what changes from round to round, though no variable of the loop's does

log: list[int] = []
table: dict[str, int] = {}
count = Atomic(0)
gate = Mutex("gate")


class Counter:
    n = 0


thing = Counter()
numbers: Any = None


def grows_a_list() -> None:
    while len(log) < 3:
        log.append(1)


def counts_in_a_dict() -> None:
    while True:
        with gate:
            table["n"] = table.get("n", 0) + 1
            if table["n"] > 4:
                return


def counts_in_an_object() -> None:
    while thing.n < 4:
        thing.n += 1


def counts_in_a_class() -> None:
    while Counter.n < 4:
        with gate:
            Counter.n += 1


def counts_in_an_atomic() -> None:
    while True:
        with gate:
            if count.fetch_add(1) > 4:
                return


def takes_from_an_iterator() -> None:
    global numbers
    numbers = iter(range(6))
    while True:
        with gate:
            if next(numbers) == 5:
                return


def rotates() -> None:
    ring = deque([0, 0, 0, 1])
    while not ring[0]:
        ring.rotate()


def counter_made_elsewhere() -> Callable[[], int]:
    n = 0

    def step() -> int:
        nonlocal n
        n += 1
        return n

    return step


def counts_in_a_closure() -> None:
    step = counter_made_elsewhere()
    while step() < 5:
        pass


@pytest.mark.parametrize(
    "work",
    [grows_a_list, counts_in_a_dict, counts_in_an_object, counts_in_a_class, counts_in_an_atomic, takes_from_an_iterator,
     rotates, counts_in_a_closure],
)  # fmt: skip
def test_a_loop_that_gets_somewhere_is_no_livelock(work: Callable[[], None]) -> None:
    verdict = explore(lambda: spawn(work).join(), runs=50)
    assert verdict.passed
    assert verdict.exhausted


def test_how_far_a_for_loop_has_come_is_part_of_the_state() -> None:
    def main() -> None:
        a, b = Mutex("a"), Mutex("b")

        def tries() -> None:
            while True:
                with a:
                    if b.acquire(blocking=False):
                        b.release()
                        return

        def comes_often() -> None:
            for _ in [0, 0, 0]:
                with b, a:
                    pass

        for t in [spawn(tries), spawn(comes_often)]:
            t.join()

    kinds = {f.kind for f in explore(main, runs=300).failures}
    assert "livelock" not in kinds


def test_nobody_is_told_to_wait_who_stands_before_a_release() -> None:
    def main() -> None:
        left, right = Mutex("left"), Mutex("right")

        def move(first: Mutex, second: Mutex) -> None:
            while True:
                first.acquire()
                if second.acquire(blocking=False):
                    break
                first.release()
                first, second = second, first
            second.release()
            first.release()

        for t in [spawn(move, left, right, name="A"), spawn(move, right, left, name="B")]:
            t.join()

    told = str(explore(main).explain())
    assert told.startswith("Livelock: A and B go round for ever")
    assert "which B holds" not in told
    assert "which A holds" not in told
