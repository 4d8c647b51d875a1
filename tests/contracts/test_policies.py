"""What every policy promises: its own law of fairness, and that a schedule replays on every exact machine."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import (
    Atomic,
    Barrier,
    Channel,
    Condition,
    Deadlock,
    Mutex,
    Run,
    Schedule,
    Semaphore,
    Thread,
    burn,
    no_preempt,
    now,
    run,
    sched_yield,
    sleep,
    spawn,
)
from labkit.errors import BadSchedule, LabError
from labkit.limits import MLFQ_ALLOTMENT_SLICES, MLFQ_BOOST_SLICES, MLFQ_LEVELS, POINT_COST_NS
from labkit.policies import ALL, Human, Policy, Replay
from tests.contracts.variants import EXACT, Variant, blocked, each, go, until

POINT_S = POINT_COST_NS / 1e9


def hogs(n: int, points: int, **attributes: Sequence[int]) -> Callable[[], list[int]]:
    """A program of n threads, each of which reaches so many scheduling points; attributes are given thread by thread."""

    def main() -> list[int]:
        word = Atomic(0)

        def hog() -> int:
            for _ in range(points):
                word.load()
            return points

        return [t.join() for t in [spawn(hog, **{k: a[i] for k, a in attributes.items()}) for i in range(n)]]

    return main


def ran(made: Run, first: int | None = None) -> Counter[str]:
    """How many scheduling points each thread but main reached, of the first so many."""
    return Counter([name for name in made.schedule if name != "main"][:first])


def turns(made: Run) -> list[str]:
    """Who ran, turn by turn."""
    schedule = made.schedule
    return [name for i, name in enumerate(schedule) if i == 0 or schedule[i - 1] != name]


def known(kind: type[Policy]) -> Policy:
    """A policy of this kind that needs nobody."""
    return Human(lambda names, current: names[0]) if kind is Human else Replay("") if kind is Replay else kind()


# ---- all policies


@each(EXACT)
@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.name)
def test_every_policy_brings_a_program_to_its_end(v: Variant, kind: type[Policy]) -> None:
    def main() -> int:
        lock, seats, total = Mutex(), Semaphore(2), [0]

        def worker(i: int) -> None:
            for _ in range(3):
                with seats, lock:
                    total[0] += i
                sleep(POINT_S * i)

        for t in [spawn(worker, i) for i in range(4)]:
            t.join()
        return total[0]

    made = go(v, main, policy=known(kind))
    assert (made.result, made.policy) == (18, kind.name)


@each(EXACT)
@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.name)
def test_every_policy_repeats_itself(v: Variant, kind: type[Policy]) -> None:
    policy = known(kind)
    first, second = (go(v, hogs(3, 12), policy=policy, seed=5) for _ in range(2))
    assert first.schedule == second.schedule


@pytest.mark.parametrize("kind", [k for k in ALL if k not in (Replay, Human)], ids=lambda k: k.name)
def test_a_policy_is_given_by_its_name_its_class_or_itself(kind: type[Policy]) -> None:
    made = [run(hogs(2, 3), "preemptive", policy, timeslice_points=2) for policy in (kind.name, kind, kind())]
    assert [m.policy for m in made] == [kind.name] * 3
    assert made[0].schedule == made[1].schedule == made[2].schedule


def test_a_policy_that_does_not_exist_is_told_the_names_that_do() -> None:
    with pytest.raises(LabError, match=r"'shortest'.*fifo, round_robin.*replay"):
        run(lambda: 1, policy="shortest")
    with pytest.raises(LabError, match=r"policy=Replay\(schedule\)"):
        run(lambda: 1, policy="replay")


class Broken(Policy):
    """A policy that answers what it is told to."""

    name = "broken"

    def __init__(self, answer: Callable[[Sequence[Thread], Thread], Any]) -> None:
        self.answer = answer

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        return self.answer(runnable, current)  # type: ignore[no-any-return]


@each(EXACT)
@pytest.mark.parametrize("garbage", [None, "A", 7])
def test_a_policy_that_answers_garbage_is_shown_it_and_what_it_could_choose(v: Variant, garbage: Any) -> None:
    asked: list[Thread] = []

    def answer(runnable: Sequence[Thread], current: Thread) -> Any:
        asked.append(current)
        return runnable[0] if len(asked) < 3 else garbage

    with pytest.raises(LabError, match=rf"policy broken chose {garbage!r}; it can choose one of: \w"):
        go(v, hogs(3, 5), policy=Broken(answer))


@each(EXACT)
def test_a_policy_cannot_choose_a_thread_that_is_blocked(v: Variant) -> None:
    def main() -> None:
        spawn(lambda: [sched_yield() for _ in range(5)], name="worker").join()

    first: list[Thread] = []

    def answer(runnable: Sequence[Thread], current: Thread) -> Thread:
        first.append(current)
        return runnable[0] if len(first) < 3 else first[0]

    with pytest.raises(LabError, match=r"'main' BLOCKED.*one of: worker"):
        go(v, main, policy=Broken(answer))


@each(EXACT)
def test_a_policy_that_raises_ends_the_run_with_its_error(v: Variant) -> None:
    def answer(runnable: Sequence[Thread], current: Thread) -> Thread:
        if len(runnable) > 1:
            raise LookupError("no idea")
        return runnable[0]

    with pytest.raises(LookupError, match="no idea"):
        go(v, hogs(3, 5), policy=Broken(answer))


@each(EXACT)
def test_no_policy_takes_the_processor_inside_no_preempt(v: Variant) -> None:
    def main() -> list[str]:
        word, log = Atomic(0), []
        t = spawn(lambda: log.append("other"))
        with no_preempt:
            for _ in range(3):
                word.load()
            log.append("main")
        t.join()
        return log

    started: list[str] = []

    def ask(names: list[str], current: str) -> str:
        """main first, until it has spawned; then never main."""
        started.append(current)
        return names[0] if len(started) < 3 else min(names)

    assert go(v, main, policy=Human(ask)).result == ["main", "other"]


# ---- fifo, round_robin


@pytest.mark.parametrize("machine", ["preemptive", "pthread", "cooperative"])
def test_fifo_keeps_the_order_of_arrival_and_never_preempts(machine: str) -> None:
    made = run(hogs(4, 10), machine, "fifo", timeslice_points=1)
    assert made.trace.summary().switches["preempt"] == 0
    assert turns(made) == ["main", "A", "B", "C", "D", "main"]


@pytest.mark.parametrize("points", [1, 2, 3, 7])
@pytest.mark.parametrize("machine", ["preemptive", "pthread"])
def test_round_robin_gives_equal_turns(machine: str, points: int) -> None:
    made = run(hogs(4, 42), machine, "round_robin", timeslice_points=points)
    schedule = list(made.schedule)
    start = max(schedule.index(name) for name in "ABCD")
    end = min(len(schedule) - 1 - schedule[::-1].index(name) for name in "ABCD")
    for cut in range(start, end):
        counts = Counter(schedule[start:cut])
        assert max(counts[n] for n in "ABCD") - min(counts[n] for n in "ABCD") <= points


# ---- priority


@pytest.mark.parametrize("machine", ["preemptive", "pthread"])
def test_priority_never_runs_a_lower_thread_while_a_higher_is_runnable(machine: str) -> None:
    level = {"main": 0, "A": 1, "B": 5, "C": 3, "D": 5}
    able: set[str] = set()
    wrong: list[str] = []

    def main() -> None:
        def worker(i: int) -> None:
            word = Atomic(0)
            for _ in range(5):
                word.load()
                sleep(i * 3 * POINT_S)

        for t in [spawn(worker, i, name=n, priority=level[n]) for i, n in enumerate("ABCD")]:
            t.join()

    made = run(main, machine, "priority", timeslice_points=1)
    name = made.trace.name
    for e in made.trace:
        if e.kind in ("spawn", "sched_wakeup"):
            able.add(name(e.tid))
        elif e.kind == "sched_switch":
            if e.prev_state != "RUNNABLE":
                able.discard(name(e.tid))
            if e.next_tid and level[name(e.next_tid)] < max(level[n] for n in able):
                wrong.append(f"{name(e.next_tid)} while {able}")
    assert wrong == []
    assert len(made.trace.of("sched_switch")) > 20


@pytest.mark.parametrize("machine", ["preemptive", "pthread"])
def test_a_woken_higher_thread_runs_at_the_next_scheduling_point(machine: str) -> None:
    """Long before the timeslice ends."""

    def main() -> list[str]:
        gate, word, log = Semaphore(0), Atomic(0), []

        def urgent() -> None:
            gate.acquire()
            log.append("urgent")

        spawn(urgent, priority=9)
        sched_yield()
        gate.release()
        word.load()
        log.append("main")
        return log

    assert run(main, machine, "priority", timeslice_points=1000).result == ["urgent", "main"]


# ---- mlfq


def mlfq_levels(made: Run) -> dict[str, int]:
    return {t.name: t.policy_data.level for t in made.threads}


def test_under_mlfq_hogs_sink_and_a_sleeper_stays_on_top() -> None:
    def main() -> Any:
        word = Atomic(0)

        def hog() -> None:
            for _ in range(2 * MLFQ_LEVELS * MLFQ_ALLOTMENT_SLICES * 5):
                word.load()

        def sleeper() -> list[float]:
            late = []
            for _ in range(5):
                start = now()
                sleep(6 * POINT_S)
                late.append(now() - start)
            return late

        threads = [spawn(hog, name="hog1"), spawn(hog, name="hog2"), spawn(sleeper, name="sleeper")]
        sched_yield()
        return [t.join() for t in threads][2], mlfq_levels_of(threads)

    def mlfq_levels_of(threads: list[Thread]) -> list[int]:
        return [t.policy_data.level for t in threads]

    made = run(main, "preemptive", "mlfq", timeslice_points=5)
    late, levels = made.result
    assert levels == [MLFQ_LEVELS - 1, MLFQ_LEVELS - 1, 0]
    # Once the hogs have sunk, the sleeper is served within a timeslice of its time, though two hogs stand in the queue.
    assert all(t <= (6 + 5 + 2) * POINT_S for t in late[2:])


def test_under_mlfq_boosts_let_a_sunk_thread_run_beside_newcomers() -> None:
    def main() -> int:
        word, done, last = Atomic(0), [], [0]

        def hog() -> None:
            for _ in range(MLFQ_LEVELS * MLFQ_ALLOTMENT_SLICES * 3):
                word.load()
            done.append(1)

        def newcomer(n: int) -> None:
            """One short-lived thread after the other, always at the top: without a boost the hog would never run."""
            last[0] = n
            if n < 20 * MLFQ_BOOST_SLICES and not done:
                spawn(newcomer, n + 1)

        t = spawn(hog)
        spawn(newcomer, 0)
        t.join()
        return 20 * MLFQ_BOOST_SLICES - last[0]

    assert run(main, "preemptive", "mlfq", timeslice_points=1).result > 0


# ---- lottery


def lottery(seed: int) -> Run:
    return run(hogs(3, 900, tickets=(1, 2, 3)), "preemptive", "lottery", timeslice_points=1, seed=seed)


@pytest.mark.parametrize("seed", range(3))
def test_lottery_shares_are_near_the_tickets(seed: int) -> None:
    draws = 900  # while all three hogs are alive: C ends after 900 of its own, which is 1,800 draws on average
    counts = ran(lottery(seed), draws)
    for name, tickets in zip("ABC", (1, 2, 3), strict=True):
        p = tickets / 6
        bound = 5 * (draws * p * (1 - p)) ** 0.5  # five standard deviations of a binomial
        assert abs(counts[name] - draws * p) < bound


def test_equal_seeds_give_equal_schedules_and_other_seeds_others() -> None:
    assert lottery(1).schedule == lottery(1).schedule
    assert len({lottery(seed).schedule for seed in range(4)}) == 4


# ---- fair


@pytest.mark.parametrize("machine", ["preemptive", "pthread"])
@pytest.mark.parametrize("weights", [(1, 1, 1), (1, 2, 3), (1, 5, 10)])
def test_fair_shares_are_the_weights(machine: str, weights: tuple[int, ...]) -> None:
    made = run(hogs(3, 400, weight=weights), machine, "fair", timeslice_points=1)
    window = 160
    counts = Counter([name for name in made.schedule if name != "main"][50 : 50 + window])  # once all have begun
    for name, weight in zip("ABC", weights, strict=True):
        assert abs(counts[name] - window * weight / sum(weights)) <= 3


def test_a_sleeper_does_not_save_up_time_under_fair() -> None:
    def main() -> None:
        word = Atomic(0)

        def hog() -> None:
            for _ in range(300):
                word.load()

        def sleeper() -> None:
            sleep(100 * POINT_S)
            hog()

        spawn(hog, name="hog")
        spawn(sleeper, name="sleeper")

    made = run(main, "preemptive", "fair", timeslice_points=1)
    schedule = [n for n in made.schedule if n != "main"]
    woke = [i for i, n in enumerate(schedule) if n == "sleeper"][2]
    counts = Counter(schedule[woke : woke + 60])
    assert abs(counts["hog"] - counts["sleeper"]) <= 4


# ---- human


def test_human_is_asked_with_the_names_of_the_runnable_threads() -> None:
    asked: list[tuple[tuple[str, ...], str]] = []

    def ask(names: list[str], current: str) -> str:
        asked.append((tuple(names), current))
        return names[-1]

    def main() -> None:
        gate = Semaphore(0)
        spawn(gate.acquire)
        spawn(lambda: None)
        gate.release()

    run(main, policy=Human(ask))
    assert asked[0] == (("main",), "main")
    assert {n for names, _ in asked for n in names} == {"main", "A", "B"}
    assert all(len(set(names)) == len(names) for names, _ in asked)


@each(EXACT)
def test_a_wrong_answer_of_a_human_is_shown_with_the_right_ones(v: Variant) -> None:
    with pytest.raises(LabError, match=r"'Z'.*one of: main"):
        go(v, hogs(2, 3), policy=Human(lambda names, current: "Z"))


def test_a_human_at_the_terminal_is_asked_again_until_the_answer_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["nobody", "", *[""] * 50])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    assert run(lambda: spawn(lambda: 5).join(), policy="human").result == 5


# ---- replay


def busy() -> list[Any]:
    """A bit of everything, so that a replay has something to get wrong."""
    lock, seats, changed, pipe, gate = (
        Mutex("lock"),
        Semaphore(1, "seats"),
        Condition(name="changed"),
        Channel(1, "pipe"),
        Barrier(3),
    )
    log: list[Any] = []

    def worker(i: int) -> int:
        with lock:
            log.append(i)
            sched_yield()
        seats.acquire()
        seats.release()
        gate.wait()
        with changed:
            log.append((i, "in"))
            changed.notify()
            changed.wait_for(lambda: len(log) >= 4)
        pipe.send(i)
        return i

    threads = [spawn(worker, i) for i in range(3)]
    got = [pipe.receive() for _ in range(3)]
    return [got, [t.join() for t in threads], log]


def story(made: Run) -> list[Any]:
    """The trace with names for tids and without what a replay does not repeat: the ticks, and on which CPU it was."""
    out = []
    for e in made.trace:
        if e.kind != "timer":
            args = {k: made.trace.name(a) if k.endswith("tid") else a for k, a in e.args.items()}
            out.append((e.t_ns, e.kind, made.trace.name(e.tid), args))
    return out


@each(EXACT)
@pytest.mark.parametrize("other", EXACT, ids=lambda o: f"on-{o.name}")
@pytest.mark.parametrize("policy", ["round_robin", "lottery"])
def test_a_schedule_replays_on_every_exact_machine(v: Variant, other: Variant, policy: str) -> None:
    made = go(v, busy, policy=policy, seed=3)
    again = go(other, busy, policy=Replay(made.schedule))
    assert again.schedule == made.schedule
    assert again.result == made.result
    assert story(again) == story(made)


@each(EXACT)
def test_a_timeout_that_came_too_late_comes_too_late_again(v: Variant) -> None:
    def main() -> bool:
        lock, word = Mutex(), Atomic(0)
        lock.acquire()
        t = spawn(lock.acquire, True, 5 * POINT_S)
        until(blocked(t))
        for _ in range(10):
            word.load()
        lock.release()
        return bool(t.join())

    made = go(v, main, policy="fifo")
    again = go(v, main, policy=Replay(made.schedule))
    assert (again.result, again.schedule, story(again)) == (made.result, made.schedule, story(made))


@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.name)
def test_the_schedule_of_every_policy_replays(kind: type[Policy]) -> None:
    made = run(busy, "preemptive", known(kind), timeslice_points=2)
    again = run(busy, policy=Replay(str(made.schedule)))
    assert (again.schedule, again.result, story(again)) == (made.schedule, made.result, story(made))


@each(EXACT)
@pytest.mark.parametrize(("schedule", "says"), [("main nobody", "step 2 .*'nobody'.*able to run: "), ("A", "step 1 .*'A'.*main")])
def test_a_schedule_that_does_not_fit_names_the_step(v: Variant, schedule: str, says: str) -> None:
    with pytest.raises(BadSchedule, match=says):
        go(v, hogs(2, 3), policy=Replay(schedule))


def test_a_schedule_of_another_program_does_not_fit() -> None:
    made = run(hogs(3, 5), "preemptive", timeslice_points=1)
    with pytest.raises(BadSchedule, match=r"step \d+ "):
        run(hogs(1, 5), policy=Replay(made.schedule))


def test_a_schedule_may_end_early() -> None:
    assert run(hogs(3, 5), policy=Replay("main main main")).result == [5, 5, 5]


@each(EXACT)
def test_without_a_trace_there_is_no_schedule(v: Variant) -> None:
    made = go(v, hogs(2, 3), trace=False)
    assert (len(made.trace), made.schedule) == (0, Schedule())


# ---- random programs


ALL_OPS = ["yield", "add", "take 0", "take 1", "seat", "atomic", "burn", "sleep"]
PROGRAMS = st.lists(st.lists(st.sampled_from(ALL_OPS), max_size=6), min_size=1, max_size=4)
UNTIMED = st.lists(st.lists(st.sampled_from(ALL_OPS[:-1]), max_size=6), min_size=1, max_size=4)


def program(plan: list[list[str]]) -> Callable[[], Any]:
    """Threads that do what the plan says: whatever the order, the same results come out."""

    def main() -> Any:
        locks, seats, count, total = [Mutex("m0"), Mutex("m1")], Semaphore(2, "seats"), Atomic(0), [0]

        def worker(i: int) -> tuple[int, int]:
            for op in plan[i]:
                match op.split():
                    case ["yield"]:
                        sched_yield()
                    case ["sleep"]:
                        sleep((i + 1) * POINT_S)
                    case ["burn"]:
                        burn(POINT_S)
                    case ["add"]:
                        with locks[0]:
                            seen = total[0]
                            sched_yield()
                            total[0] = seen + 1
                    case ["take", n]:
                        with locks[int(n)]:
                            sched_yield()
                    case ["seat"]:
                        with seats:
                            sched_yield()
                    case ["atomic"]:
                        count.fetch_add(i)
            return i, len(plan[i])

        done = [t.join() for t in [spawn(worker, i) for i in range(len(plan))]]
        return done, total[0], count.load(), seats.value

    return main


@given(PROGRAMS, st.integers(0, 3))
def test_a_program_that_order_cannot_change_gives_one_result_on_all_machines(plan: list[list[str]], seed: int) -> None:
    ops = [op for ops in plan for op in ops]
    expected = (
        [(i, len(ops)) for i, ops in enumerate(plan)],
        ops.count("add"),
        sum(i * ops.count("atomic") for i, ops in enumerate(plan)),
        2,
    )
    for v in EXACT:
        assert go(v, program(plan), policy="lottery", seed=seed).result == expected


@given(PROGRAMS, st.integers(0, 10**6), st.sampled_from(EXACT), st.sampled_from(EXACT))
def test_any_schedule_of_any_program_replays_to_the_same_result(
    plan: list[list[str]], seed: int, v: Variant, other: Variant
) -> None:
    made = go(v, program(plan), policy="lottery", seed=seed)
    again = go(other, program(plan), policy=Replay(Schedule.parse(str(made.schedule))))
    assert (again.schedule, again.result) == (made.schedule, made.result)


@given(UNTIMED, st.integers(0, 10**6), st.sampled_from(EXACT), st.sampled_from(EXACT))
def test_any_schedule_of_any_untimed_program_replays_event_by_event(
    plan: list[list[str]], seed: int, v: Variant, other: Variant
) -> None:
    made = go(v, program(plan), policy="lottery", seed=seed)
    again = go(other, program(plan), policy=Replay(Schedule.parse(str(made.schedule))))
    assert (again.schedule, again.result, story(again)) == (made.schedule, made.result, story(made))


@given(st.integers(0, 10**6))
def test_a_deadlock_replays(seed: int) -> None:
    def main() -> None:
        left, right = Mutex("left"), Mutex("right")

        def both(first: Mutex, second: Mutex) -> None:
            with first, second:
                pass

        for t in [spawn(both, left, right), spawn(both, right, left)]:
            t.join()

    asked: list[str] = []
    rng = random.Random(seed)

    def ask(names: list[str], current: str) -> str:
        asked.append(rng.choice(names))
        return asked[-1]

    def end(policy: Policy) -> str:
        try:
            run(main, policy=policy)
        except Deadlock as deadlock:
            return str(deadlock)
        return "no deadlock"

    assert end(Human(ask)) == end(Replay(Schedule(asked)))
