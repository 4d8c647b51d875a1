"""explore() runs every different schedule once, and says what it found."""

from __future__ import annotations

import gc
import itertools
from typing import Any

import pytest

from labkit import Atomic, Condition, Mutex, Semaphore, explore, replay, spawn
from labkit.errors import LabError

balance = 100
flag = False


def join_all(*threads: Any) -> None:
    for thread in threads:
        thread.join()


def counter(n: int) -> Any:
    def main() -> int:
        x = 0

        def add() -> None:
            nonlocal x
            x += 1

        join_all(*[spawn(add) for _ in range(n)])
        return x

    return main


def opposite_locks() -> None:
    a, b = Mutex("a"), Mutex("b")

    def take(first: Mutex, second: Mutex) -> None:
        with first, second:
            pass

    join_all(spawn(take, a, b), spawn(take, b, a))


def test_counter_has_as_many_schedules_as_there_are_different_ones() -> None:
    assert [explore(counter(n)).runs for n in (1, 2, 3)] == [1, 4, 36]


def test_outcomes_count_the_schedules_that_end_so() -> None:
    verdict = explore(counter(2))
    assert verdict.outcomes == {2: 2, 1: 2}
    assert verdict.passed
    assert verdict.exhausted
    assert verdict.redundant == 0


def test_a_result_may_show_itself() -> None:
    class Purse:
        def __init__(self) -> None:
            self.coins = [1]

        def __repr__(self) -> str:
            return f"Purse({[c + 0 for c in self.coins]}, {len(self.coins)})"

    def main() -> Purse:
        purse = Purse()
        join_all(spawn(purse.coins.append, 2), spawn(purse.coins.append, 3))
        return purse

    assert explore(main).outcomes == {"Purse([1, 2, 3], 3)": 1, "Purse([1, 3, 2], 3)": 1}


def test_a_global_is_as_it_was_after_exploring() -> None:
    def deposit(n: int) -> None:
        global balance
        balance += n

    def main() -> int:
        join_all(spawn(deposit, 10), spawn(deposit, 50))
        return balance

    assert set(explore(main).outcomes) == {160, 110, 150}
    assert balance == 100


def test_deadlock_is_found_with_who_waits_for_whom() -> None:
    verdict = explore(opposite_locks)
    assert verdict.runs == 3
    assert not verdict.passed
    failure = verdict.failures[0]
    assert (failure.kind, failure.schedule, failure.preemptions, failure.runs) == ("deadlock", "A B", 1, 1)
    assert failure.error.cycle == ["A", "B", "A"]
    assert "held by 'B'" in str(verdict)


def test_steps_are_told_in_the_students_words() -> None:
    def main() -> None:
        join_all(*[spawn(add) for _ in range(2)])
        assert box["n"] == 2

    def add() -> None:
        box["n"] += 1

    box = {"n": 0}
    verdict = explore(main)
    failure = verdict.failures[0]
    assert failure.kind == "assertion"
    assert failure.schedule == "A B B A"
    assert [(s.thread, s.verb, s.place, s.value) for s in failure.steps] == [
        ("A", "reads", "box['n']", 0),
        ("B", "reads", "box['n']", 0),
        ("B", "writes", "box['n']", 1),
        ("A", "writes", "box['n']", 1),
    ]


def test_replay_follows_a_failing_schedule_to_the_same_failure() -> None:
    failure = explore(opposite_locks).failures[0]
    run = replay(opposite_locks, failure.schedule)
    assert run.failure is not None
    assert run.failure.kind == "deadlock"
    assert str(run.schedule) == failure.schedule
    assert run.trace.of("access")


def test_lost_wakeup_is_told_from_other_deadlocks() -> None:
    def main() -> None:
        ready = Condition(name="ready")

        def wait() -> None:
            with ready:
                ready.wait()

        def notify() -> None:
            with ready:
                ready.notify()

        join_all(spawn(wait), spawn(notify))

    verdict = explore(main)
    assert [f.kind for f in verdict.failures] == ["lost_wakeup"]
    assert verdict.runs == 2


def test_spinning_thread_waits_for_what_it_reads() -> None:
    def raise_flag() -> None:
        global flag
        flag = True

    def spin() -> None:
        while not flag:
            pass

    assert explore(lambda: join_all(spawn(spin), spawn(raise_flag))).runs == 2
    assert [f.kind for f in explore(lambda: join_all(spawn(spin))).failures] == ["livelock"]


def test_retry_loops_end() -> None:
    def main() -> int:
        x = Atomic(0)

        def add() -> None:
            while not x.compare_exchange(v := x.load(), v + 1):
                pass

        join_all(spawn(add), spawn(add))
        return int(x.load())

    verdict = explore(main)
    assert verdict.passed
    assert set(verdict.outcomes) == {2}


def test_what_cannot_be_observed_is_named_and_proves_nothing() -> None:
    import random

    def main() -> None:
        join_all(spawn(random.random))

    verdict = explore(main)
    assert not verdict.passed
    assert not verdict.failures
    assert "random.random()" in str(verdict.unseen[0])
    assert str(verdict).startswith("Not proven")


def test_interleavings_count_all_orders_not_only_different_ones() -> None:
    assert [explore(counter(n)).interleavings for n in (2, 3)] == [6, 90]
    assert explore(opposite_locks).interleavings == 6


def twostage() -> None:
    first, second = Mutex("first"), Mutex("second")
    a = b = 0

    def write() -> None:
        nonlocal a, b
        with first:
            a = 1
        with second:
            b = a + 1

    def read() -> None:
        with first:
            if a == 0:
                return
            seen = a
        with second:
            assert b == seen + 1

    join_all(spawn(write), spawn(read))


def test_schedule_of_a_failure_has_the_fewest_preemptions() -> None:
    failure = explore(twostage).failures[0]
    assert (failure.preemptions, failure.kind) == (1, "assertion")
    assert failure.schedule == "A*3 B*7"


def test_bound_zero_misses_what_bound_one_finds() -> None:
    none, one = explore(twostage, bound=0), explore(twostage, bound=1)
    assert not none.failures
    assert not none.passed
    assert "at most 0 preemptions" in none.stopped
    assert one.failures[0].schedule == "A*3 B*7"


def test_bound_high_enough_is_exhaustive() -> None:
    verdict = explore(counter(2), bound=9)
    assert verdict.exhausted
    assert verdict.runs == 6  # every interleaving, not every trace
    assert set(verdict.outcomes) == {1, 2}


def test_random_walk_repeats_with_its_seed_and_tells_the_chance() -> None:
    walks = [explore(twostage, walk="random", runs=150, seed=seed) for seed in (1, 1, 2)]
    assert walks[0].outcomes == walks[1].outcomes
    assert not walks[0].exhausted
    assert 0 < explore(twostage).chance < 0.1
    assert str(explore(twostage).chance).startswith("1 run in ")


def test_pct_finds_a_bug_of_depth_two() -> None:
    assert explore(twostage, walk="pct", runs=300).failures


def test_threads_that_give_way_to_each_other_for_ever_are_a_livelock() -> None:
    def main() -> None:
        a, b = Mutex("a"), Mutex("b")

        def take(first: Mutex, second: Mutex) -> None:
            while True:
                with first:
                    if second.acquire(blocking=False):
                        second.release()
                        return

        join_all(spawn(take, a, b), spawn(take, b, a))

    verdict = explore(main, runs=200)
    assert {f.kind for f in verdict.failures} == {"livelock"}
    assert "'A' and 'B' go round for ever" in str(verdict.failures[0])


def test_loop_in_a_generator_is_no_spin() -> None:
    def main() -> int:
        def flags() -> Any:
            while True:
                yield box[0]

        def count() -> int:
            for n, _ in enumerate(flags()):
                if n == 5:
                    return n
            return -1

        def write() -> None:
            box[0] = True

        box = [False]
        counter, writer = spawn(count), spawn(write)
        writer.join()
        return int(counter.join())

    assert explore(main).outcomes == {5: 7}


def test_program_that_does_not_repeat_itself_is_told() -> None:
    runs = iter(range(1000))

    def main() -> None:
        number = next(runs)
        x = y = 0

        def add() -> None:
            nonlocal x, y
            if number % 2:
                x += 1
            else:
                y += 1

        join_all(spawn(add), spawn(add))

    verdict = explore(main)
    assert not verdict.passed
    assert "does not repeat itself" in verdict.stopped


def test_step_that_is_not_the_planned_one_is_told() -> None:
    runs = itertools.count()

    def main() -> None:
        locked, mutex, x = next(runs) < 2, Mutex(), 0

        def add() -> None:
            nonlocal x
            if locked:  # true until the schedules are run that turn the lock's order round
                mutex.acquire()
            x += 1
            if locked:
                mutex.release()

        join_all(spawn(add), spawn(add))
        assert x == 2

    verdict = explore(main)
    assert not verdict.passed
    assert "does not repeat itself" in str(verdict)


def test_run_that_never_ends_gives_a_partial_verdict() -> None:
    def main() -> None:
        x = 0

        def add() -> None:
            nonlocal x
            while True:
                x += 1

        spawn(add)
        spawn(add)

    verdict = explore(main, steps=300)
    assert not verdict.passed
    assert "more than 300 steps" in verdict.stopped


def test_interrupt_gives_the_partial_verdict() -> None:
    runs = itertools.count()  # a list would be as it was before each run

    def main() -> int:
        if next(runs) > 20:
            raise KeyboardInterrupt
        return counter(4)()  # type: ignore[no-any-return]

    verdict = explore(main)
    assert "interrupted" in verdict.stopped
    assert not verdict.exhausted
    assert verdict.runs > 0


def test_error_in_main_is_a_failure() -> None:
    def main() -> None:
        raise ValueError("no")

    failure = explore(main).failures[0]
    assert (failure.kind, type(failure.error)) == ("exception", ValueError)
    assert "ValueError: no" in str(failure)


def test_workers_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    from labkit.explore import together

    monkeypatch.setattr(together, "ALONE_S", 0.0)
    walks = [explore(twostage, walk="random", runs=50, workers=n) for n in (1, 2)]
    assert walks[0].outcomes == walks[1].outcomes
    assert [w.runs for w in walks] == [50, 50]


@pytest.mark.parametrize(
    "wrong", [{"runs": 0}, {"bound": -1}, {"walk": "drunk"}, {"seconds": 0}, {"bound": 1, "walk": "pct"}, {"steps": "many"}]
)
def test_wrong_wishes_are_refused_with_what_to_write(wrong: dict[str, Any]) -> None:
    with pytest.raises(LabError, match=r"explore\("):
        explore(opposite_locks, **wrong)


def test_explore_needs_a_function() -> None:
    with pytest.raises(LabError, match="a program is a function"):
        explore(42)  # type: ignore[arg-type]


def test_memory_does_not_grow_with_the_runs() -> None:
    def objects(runs: int) -> int:
        verdict = explore(counter(5), runs=runs)
        assert verdict.runs == runs
        assert verdict.origin is not None
        machine = verdict.origin.machine
        assert machine is not None
        assert len(machine.idle) <= 6
        gc.collect()
        return len(gc.get_objects())

    objects(50)
    assert objects(1500) - objects(300) < 1200  # one run leaves less than one object behind


@pytest.mark.parametrize(("word", "kinds"), [("while", []), ("if", ["assertion"])])
def test_spurious_wakeups_break_an_if_and_not_a_while(word: str, kinds: list[str]) -> None:
    def main() -> None:
        ready, box = Condition(name="ready"), [0]

        def take() -> None:
            with ready:
                if word == "if" and not box[0]:
                    ready.wait()
                while word == "while" and not box[0]:
                    ready.wait()
                assert box[0] == 1

        def give() -> None:
            with ready:
                box[0] = 1
                ready.notify()

        join_all(spawn(take), spawn(give))

    assert explore(main).passed
    verdict = explore(main, spurious=True)
    assert [f.kind for f in verdict.failures] == kinds
    assert verdict.exhausted
    for failure in verdict.failures:
        assert replay(main, failure.schedule).failure is not None


def test_races_of_the_common_beginning_are_turned_round_for_every_ending() -> None:
    def main() -> bool:
        x, permits = [0], Semaphore(2)

        def write() -> None:
            x[0] = 1

        def take_two() -> int:
            permits.acquire()
            permits.acquire()
            return x[0]

        readers = [spawn(write), spawn(lambda: x[0])]
        tries = spawn(lambda: permits.acquire(blocking=False))
        join_all(*readers, spawn(take_two))
        return bool(tries.join())

    verdict = explore(main)
    assert (verdict.runs, verdict.failing, verdict.redundant) == (8, 4, 0)


def test_a_thread_goes_on_to_its_end_if_that_saves_a_preemption() -> None:
    def main() -> None:
        data, ours, theirs = 0, Mutex("ours"), Mutex("theirs")

        def careful() -> None:
            nonlocal data
            with ours:
                seen = data
                data += 1
                assert data == seen + 1

        def careless() -> None:
            nonlocal data
            with theirs:
                data += 1

        join_all(spawn(careful), spawn(careless))

    failure = explore(main).failures[0]
    assert (failure.preemptions, failure.schedule) == (1, "A*4 B*4 A A")  # B's release matters to nobody, but B is done then
