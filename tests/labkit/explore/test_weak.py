"""explore(main, memory="tso"): writes wait in store buffers, as on x86, and no otherwise."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from labkit import Atomic, Channel, Condition, Mutex, Semaphore, Spinlock, explore, replay, spawn
from labkit.errors import BadSchedule, LabError
from labkit.sync import fence
from tests.labkit.explore.algorithms import ALL, dekker, peterson
from tests.labkit.explore.tso import Code, drawn, ends, in_attributes, in_items, outcomes

X1, Y1, RX, RY, F = ("w", "x", 1), ("w", "y", 1), ("r", "x"), ("r", "y"), ("f",)
STORE_BUFFERING: Code = [[X1, RY], [Y1, RX]]
MESSAGE_PASSING: Code = [[X1, Y1], [RY, RX]]
LOAD_BUFFERING: Code = [[RX, Y1], [RY, X1]]
IRIW: Code = [[X1], [Y1], [RX, RY], [RY, RX]]

x = y = 0


class Pair:
    """Two places that are attributes, with slots."""

    __slots__ = ("x", "y")

    def __init__(self) -> None:
        self.x = self.y = 0


def together(*functions: Callable[[], Any]) -> tuple[Any, ...]:
    for thread in (threads := [spawn(f) for f in functions]):
        thread.join()
    return tuple([thread.join() for thread in threads])


def reads(code: Code, memory: str = "tso") -> set[Any]:
    """What the threads of a litmus test may read."""
    verdict = explore(in_items(code), memory=memory)
    assert verdict.passed
    return {read for read, _ in verdict.outcomes}


# ---- litmus tests


def in_globals() -> Any:
    def a() -> int:
        global x
        x = 1
        return y

    def b() -> int:
        global y
        y = 1
        return x

    return together(a, b)


def in_cells() -> Any:
    x = y = 0

    def a() -> int:
        nonlocal x
        x = 1
        return y

    def b() -> int:
        nonlocal y
        y = 1
        return x

    return together(a, b)


def in_slots() -> Any:
    pair = Pair()

    def a() -> int:
        pair.x = 1
        return pair.y

    def b() -> int:
        pair.y = 1
        return pair.x

    return together(a, b)


def in_class() -> Any:
    class Here:
        x = y = 0

    def a() -> int:
        Here.x = 1
        return Here.y

    def b() -> int:
        Here.y = 1
        return Here.x

    return together(a, b)


def in_a_list() -> Any:
    items = [0, 0]

    def a() -> int:
        items[0] += 1
        return items[1]

    def b() -> int:
        items[-1] += 1
        return items[0]

    return together(a, b)


def by_a_walrus() -> Any:
    x = y = 0

    def a() -> int:
        nonlocal x
        x = (x := 1) + 0
        return y

    def b() -> int:
        nonlocal y
        y = (y := 1) + 0
        return x

    return together(a, b)


PLACES = [in_globals, in_cells, in_slots, in_class, in_a_list, by_a_walrus]


@pytest.mark.parametrize("main", PLACES)
def test_two_writes_may_both_wait_while_both_threads_read(main: Callable[[], Any]) -> None:
    assert (0, 0) not in explore(main).outcomes
    verdict = explore(main, memory="tso")
    assert set(verdict.outcomes) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert verdict.passed
    assert (x, y) == (0, 0)


def test_store_buffering_has_four_different_schedules() -> None:
    verdict = explore(in_cells, memory="tso")
    assert (verdict.runs, verdict.redundant, verdict.interleavings) == (4, 0, 80)


@pytest.mark.parametrize("code", [[[X1, F, RY], [Y1, F, RX]], [[X1, F, RY], [Y1, RX, F]], [[F, X1, RY], [F, Y1, RX]]])
def test_only_fences_between_write_and_read_in_both_threads_forbid_store_buffering(code: Code) -> None:
    between = all(ops[1] == F for ops in code)
    assert (((0,), (0,)) in reads(code)) is not between


@pytest.mark.parametrize(
    ("code", "forbidden"),
    [(MESSAGE_PASSING, ((), (1, 0))), (LOAD_BUFFERING, ((1,), (1,))), (IRIW, ((), (), (1, 0), (1, 0)))],
    ids=["message-passing", "load-buffering", "iriw"],
)
def test_what_x86_forbids_stays_impossible(code: Code, forbidden: Any) -> None:
    assert forbidden not in reads(code)
    assert reads(code) == {read for read, _ in outcomes(code)}


def test_a_thread_sees_its_own_writes_before_the_others_do() -> None:
    code = [[X1, RX, RY], [Y1, RY, RX]]
    assert all(a[0] == b[0] == 1 for a, b in reads(code))
    assert ((1, 0), (1, 0)) in reads(code)


def test_writes_of_one_thread_come_to_memory_in_order() -> None:
    ends = {memory for _, memory in explore(in_items([[X1, ("w", "x", 2)], [RX, RX]]), memory="tso").outcomes}
    assert ends == {(2,)}
    assert ((), (2, 1)) not in reads([[X1, ("w", "x", 2)], [RX, RX]])


@pytest.mark.parametrize("make", [in_items, in_attributes])
@pytest.mark.parametrize("seed", range(60))
def test_outcomes_are_those_of_brute_force_and_each_trace_runs_once(seed: int, make: Callable[[Code], Any]) -> None:
    rng = random.Random(seed)
    code = drawn(rng, 2 + seed % 2)
    verdict = explore(make(code), memory="tso")
    assert set(verdict.outcomes) == outcomes(code)
    assert (verdict.runs, verdict.redundant) == (len(ends(code)), 0)
    assert verdict.passed


@pytest.mark.parametrize("seed", range(20))
def test_whatever_can_happen_without_buffers_can_happen_with_them(seed: int) -> None:
    code = drawn(random.Random(1000 + seed), 2, "wwrr")
    without = explore(in_items(code)).outcomes.keys()
    assert without == outcomes(code, buffered=False)
    assert without <= explore(in_items(code), memory="tso").outcomes.keys()


def test_the_drawn_programs_can_tell_the_memories_apart() -> None:
    programs = [drawn(random.Random(seed), 2 + seed % 2) for seed in range(60)]
    assert sum(outcomes(code) != outcomes(code, buffered=False) for code in programs) >= 5


# ---- mutual exclusion


@pytest.mark.parametrize("algorithm", ALL)
def test_an_algorithm_of_reads_and_writes_holds_only_without_buffers_or_with_fences(algorithm: Any) -> None:
    assert explore(algorithm()).passed
    assert explore(algorithm(fence)).passed
    assert explore(algorithm(fence), memory="tso").passed
    verdict = explore(algorithm(), memory="tso", runs=500)
    assert {f.kind for f in verdict.failures} == {"assertion"}


def test_dekker_fails_with_buffers_in_so_many_schedules() -> None:
    verdict = explore(dekker(), memory="tso")
    assert verdict.exhausted
    assert (verdict.runs, verdict.failing, verdict.redundant) == (530, 60, 0)


def test_the_explanation_names_the_write_that_waited_and_who_read_too_early() -> None:
    why = explore(dekker(), memory="tso").explain()
    assert why.pattern == "store buffering"
    assert why.title == (
        "Store buffering: A's write of flag_a (line 24) waited in A's store buffer when B read flag_a (line 43)."
    )
    assert "A writes flag_a True (line 24): it waits in A's store buffer." in why.lines
    assert "B reads flag_a: False (line 43): A's write of line 24 has not come to memory." in why.lines
    assert "A fence() between the two makes A wait" in why.lock
    assert "(line 24) and then reads flag_b (line 26)" in why.lock
    assert replay(dekker(), why.passing, memory="tso").failure is None


def test_a_mistake_that_needs_no_buffer_is_not_blamed_on_one() -> None:
    def main() -> None:
        count = 0

        def add() -> None:
            nonlocal count
            count += 1

        together(add, add)
        assert count == 2

    why = explore(main, memory="tso").explain()
    assert why.pattern == "lost update"
    assert why.title.startswith('It fails with memory="sc" as well')
    assert replay(main, why.schedule).failure is not None


def by_exchange(taken: Atomic) -> Callable[[], None]:
    def acquire() -> None:
        while taken.exchange(True):
            pass

    return acquire


@pytest.mark.parametrize("kind", ["mutex", "spinlock", "semaphore", "atomic"])
def test_locks_hold_with_buffers(kind: str) -> None:
    def main() -> None:
        count = 0
        lock: Any = {"mutex": Mutex, "spinlock": Spinlock, "semaphore": lambda: Semaphore(1)}.get(kind, Atomic)()

        def add() -> None:
            nonlocal count
            (by_exchange(lock) if kind == "atomic" else lock.acquire)()
            count += 1
            if kind == "atomic":
                lock.store(False)
            else:
                lock.release()

        together(add, add)
        assert count == 2

    assert explore(main, memory="tso").passed


def test_whoever_is_told_through_a_primitive_sees_what_was_written_before() -> None:
    def main() -> Any:
        box = {"a": 0, "b": 0, "c": 0}
        channel, lock, flag = Channel(), Mutex(), Atomic(0)
        ready = Condition(lock)

        def give() -> None:
            box["a"] = 1
            channel.send(1)
            box["b"] = 1
            flag.store(1)
            box["c"] = 1
            with lock:
                ready.notify()

        def take() -> Any:
            channel.receive()
            a = box["a"]
            while not flag.load():
                pass
            b = box["b"]
            with lock:
                while not box["c"]:
                    ready.wait()
            return a, b, box["c"]

        return together(give, take)[1]

    verdict = explore(main, memory="tso")
    assert set(verdict.outcomes) == {(1, 1, 1)}
    assert not verdict.unseen


def test_spawn_join_and_the_end_of_a_thread_wait_for_the_buffer() -> None:
    def main() -> Any:
        box = {"a": 0, "b": 0, "other": 0}

        def idle() -> int:
            return box["other"]

        def child() -> int:
            box["b"] = 1
            return box["a"]

        other = spawn(idle)
        box["a"] = 1
        box["other"] = 1
        made = spawn(child)
        return made.join(), box["b"], other.join() in (0, 1)

    assert set(explore(main, memory="tso").outcomes) == {(1, 1, True)}


@pytest.mark.parametrize("joins", [True, False])
def test_a_join_is_a_fence_for_the_thread_that_joins(joins: bool) -> None:
    def main() -> Any:
        x = y = 0

        def other() -> int:
            nonlocal y
            y = 1
            fence()
            return x

        thread, idle = spawn(other), spawn(int)
        x = 1
        if joins:
            idle.join()
        return y, thread.join()

    assert ((0, 0) in explore(main, memory="tso").outcomes) is not joins


@pytest.mark.parametrize("change", ["append", "del", "property", "setattr"])
def test_what_is_more_than_a_plain_write_does_not_wait(change: str) -> None:
    class Careful:
        def __init__(self) -> None:
            self.items = [0]
            self.table = {"k": 0}

        def __setattr__(self, name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

    def main() -> Any:
        a, b = Careful(), Careful()

        def work(mine: Careful, other: Careful) -> int:
            if change == "append":
                mine.items.append(1)
                return len(other.items) - 1
            if change == "del":
                del mine.table["k"]
                return int("k" not in other.table)
            mine.n = 1
            return int(hasattr(other, "n"))

        return together(lambda: work(a, b), lambda: work(b, a))

    verdict = explore(main, memory="tso")
    assert (0, 0) not in verdict.outcomes
    assert (1, 1) in verdict.outcomes


# ---- the rest of explore()


def test_replay_with_the_same_memory_repeats_the_failure() -> None:
    main = peterson()
    failure = explore(main, memory="tso", runs=500).failures[0]
    assert "~" in failure.schedule
    again = replay(main, failure.schedule, memory="tso")
    assert again.failure is not None
    assert str(again.failure) == str(failure)
    assert [t.name for t in again.threads] == ["main", "A", "B"]


def test_a_schedule_says_when_a_write_goes_to_memory() -> None:
    early, late = (replay(in_cells, text, memory="tso") for text in ("A A~ B B", "A B B A~"))
    assert (early.result[1], late.result[1]) == (1, 0)
    assert [str(act).split(",")[0] for act in early.steps[:2]] == ["A writes x 1", "A~ flushes x: 1"]
    assert early.steps[0].line == early.steps[1].line


def test_a_buffer_has_no_step_where_there_is_none_or_nothing_waits() -> None:
    with pytest.raises(BadSchedule):
        replay(in_cells, "A A~ B B")
    with pytest.raises(BadSchedule):
        replay(in_cells, "A A~ A~ B", memory="tso")


@pytest.mark.parametrize("wish", [{"bound": 0}, {"delays": 1}, {"walk": "random", "runs": 100}, {"walk": "pct", "runs": 100}])
def test_every_way_to_search_has_buffers(wish: dict[str, Any]) -> None:
    assert (0, 0) in explore(in_cells, memory="tso", **wish).outcomes


def test_what_the_verdict_can_tell_it_tells_with_buffers() -> None:
    def main() -> None:
        assert in_cells() != (0, 0)

    verdict = explore(main, memory="tso")
    assert verdict.failures[0].preemptions == 0
    assert 0 < verdict.chance.failing < verdict.chance.runs
    assert "A~ flushes x 1" in verdict.tree().text()
    assert "A" in verdict.timeline().text()
    assert "x = 0" in verdict.play().text()


def test_a_spin_loop_waits_for_a_write_that_is_on_its_way() -> None:
    def main() -> int:
        flag = False
        data = 0

        def give() -> None:
            nonlocal flag, data
            data = 42
            flag = True

        def take() -> int:
            while not flag:
                pass
            return data

        return together(give, take)[1]

    verdict = explore(main, memory="tso")
    assert verdict.outcomes.keys() == {42}
    assert verdict.passed


@pytest.mark.parametrize("memory", ["arm", "TSO", None, 1, []])
def test_unknown_memory_is_refused_with_those_there_are(memory: Any) -> None:
    for ask in (lambda: explore(in_cells, memory=memory), lambda: replay(in_cells, "A", memory=memory)):
        with pytest.raises(LabError, match=r"choose 'sc' \(.*\) or 'tso' \(store buffers, as on x86\)"):
            ask()


def test_data_races_are_looked_for_without_buffers() -> None:
    with pytest.raises(LabError, match="memory='sc'"):
        explore(in_cells, memory="tso", races=True)


# ---- loops


@pytest.mark.parametrize("order", sorted(set(itertools.permutations("AABB"))))
def test_a_loop_does_not_miss_a_change_that_comes_while_it_looks(order: Sequence[str]) -> None:
    def main() -> None:
        flag, turn = True, 0

        def change() -> None:
            nonlocal flag, turn
            turn = 1
            flag = False

        def look() -> None:
            while flag:
                if turn == 7:
                    return

        together(change, look)

    try:
        assert replay(main, order).failure is None
    except BadSchedule:
        assert order[:2] != ("B", "B")


def test_the_first_write_that_came_late_is_blamed_not_a_counter_behind_the_lock() -> None:
    """Both are inside, so their updates of the counter overlap too: that follows, and no fence there would help."""

    def main() -> None:
        wants, turn, count = [False, False], 0, 0

        def work(me: int) -> None:
            nonlocal turn, count
            wants[me] = True
            turn = 1 - me
            while wants[1 - me] and turn == 1 - me:
                pass
            count += 1
            wants[me] = False

        for thread in [spawn(work, 0), spawn(work, 1)]:
            thread.join()
        assert count == 2

    told = explore(main, memory="tso").explain()
    assert told.title.startswith("Store buffering: A's write of wants[0]")
    assert "A writes wants[0]" in told.lock
    assert "then reads wants[1]" in told.lock
