"""The wait-for graph: who has what, who waits for whom, and cycles that are true."""

from __future__ import annotations

import json

import pytest

from labkit import Channel, Condition, Deadlock, Mutex, Semaphore, Trace, explore, replay, run, sched_yield, spawn
from labkit.errors import LabError
from labkit.tracelog import Raw
from labkit.views import LockGraph

AB = {1: "A", 2: "B", 3: "C"}


def graph(*raw: Raw) -> LockGraph:
    """A graph of events of A, B and C, all alive from the beginning."""
    start: list[Raw] = [(0, "spawn", tid, 0, 0) for tid in AB]
    return LockGraph(Trace([*start, *raw], AB))


def takes(tid: int, lock: str) -> Raw:
    return (0, "lock_acquire", tid, 0, lock)


def blocks(tid: int, lock: str, holder: int) -> tuple[Raw, Raw]:
    return (0, "lock_contend", tid, 0, lock, holder), (0, "sched_switch", tid, 0, "BLOCKED", 0, "block")


def sentences(view: LockGraph) -> list[str]:
    return [cycle.words for cycle in view.waits.cycles]


def test_text_twin_names_the_cycle_of_a_real_deadlock() -> None:
    m1, m2 = Mutex("m1"), Mutex("m2")

    def grab(one: Mutex, other: Mutex) -> None:
        with one:
            sched_yield()
            with other:
                pass

    def main() -> None:
        threads = [spawn(grab, m1, m2), spawn(grab, m2, m1)]
        for thread in threads:
            thread.join()

    with pytest.raises(Deadlock) as caught:
        run(main)
    assert LockGraph(caught.value.trace).text() == (
        "wait-for graph: 14 steps, 3 threads, 2 primitives, 1 cycle\n"
        "step  what happened\n"
        "   4  main waits for the end of thread 'A'\n"
        "   6  A acquires m1\n"
        "   8  B acquires m2\n"
        "  10  A must wait for m2, held by B\n"
        "  12  B must wait for m1, held by A\n"
        "\n"
        "at the end\n"
        "  main waits for the end of A\n"
        "  A has m1, waits for m2, held by B\n"
        "  B has m2, waits for m1, held by A\n"
        "cycle from step 12 to the end: a deadlock\n"
        "  A waits for m2, held by B, which waits for m1, held by A"
    )


def test_a_cycle_of_three_starts_with_the_first_thread() -> None:
    view = graph(takes(1, "a"), takes(2, "b"), takes(3, "c"), *blocks(3, "a", 1), *blocks(2, "c", 3), *blocks(1, "b", 2))
    assert sentences(view) == ["A waits for b, held by B, which waits for c, held by C, which waits for a, held by A"]


def test_a_chain_of_waits_is_no_cycle() -> None:
    view = graph(takes(1, "a"), takes(2, "b"), *blocks(2, "a", 1), *blocks(3, "b", 2))
    assert sentences(view) == []
    assert view.graph(len(view.story) - 1) == ["A has a", "B has b, waits for a, held by A", "C waits for b, held by B"]


def test_two_cycles_at_once_are_both_named() -> None:
    names = {1: "A", 2: "B", 3: "C", 4: "D"}
    raw = [takes(t, f"m{t}") for t in names]
    for tid, other in ((1, 2), (2, 1), (3, 4), (4, 3)):
        raw += blocks(tid, f"m{other}", other)
    assert len(sentences(LockGraph(Trace(raw, names)))) == 2


def test_a_try_that_is_refused_waits_for_nothing() -> None:
    refused: Raw = (0, "lock_contend", 1, 0, "b", 2)
    gives_back: Raw = (0, "lock_release", 1, 0, "a")
    view = graph(takes(1, "a"), takes(2, "b"), *blocks(2, "a", 1), refused, gives_back)
    assert [w.row for w in view.waits.wants] == [1]
    assert sentences(view) == []
    assert graph(takes(2, "b"), (0, "note", 1, 0, "tries"), refused).waits.wants == [], "nor when it is the last thing told"


def test_who_yields_after_a_refusal_and_then_gives_back_did_not_spin() -> None:
    leaves: Raw = (0, "sched_switch", 1, 0, "RUNNABLE", 3, "yield")
    view = graph(takes(1, "a"), (0, "lock_contend", 1, 0, "b", 2), leaves, (0, "lock_release", 1, 0, "a"))
    assert view.waits.wants == []


def test_who_is_refused_and_has_it_next_has_waited_in_between() -> None:
    """As on the pthread machine in mode "free", where nobody leaves the processor to spin."""
    view = graph(takes(2, "b"), (0, "lock_contend", 1, 0, "b", 2), (0, "lock_release", 2, 0, "b"), takes(1, "b"))
    assert [(w.start, w.end) for w in view.waits.wants] == [(4, 6)]


def test_spinning_is_waiting_and_two_who_spin_make_a_cycle() -> None:
    turn: list[Raw] = [(0, "sched_switch", 1, 0, "RUNNABLE", 2, "yield"), (0, "sched_switch", 2, 0, "RUNNABLE", 1, "yield")]
    spins: list[Raw] = [(0, "lock_contend", 1, 0, "b", 2), turn[0], (0, "lock_contend", 2, 0, "a", 1), turn[1], *turn]
    assert sentences(graph(takes(1, "a"), takes(2, "b"), *spins)) == ["A waits for b, held by B, which waits for a, held by A"]


def test_a_cycle_that_a_timeout_breaks_ends_there() -> None:
    woken: list[Raw] = [(0, "sched_wakeup", 1, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "wake")]
    view = graph(takes(1, "a"), takes(2, "b"), *blocks(1, "b", 2), *blocks(2, "a", 1), *woken, (0, "lock_release", 1, 0, "a"))
    (cycle,) = view.waits.cycles
    assert (cycle.start, cycle.end) == (7, 11)
    assert "cycle from step 7 to 10" in view.text()


def test_waiting_for_the_end_of_a_thread_can_close_a_cycle() -> None:
    joins: tuple[Raw, Raw] = (
        (0, "wait", 1, 0, "the end of thread 'B'"),
        (0, "sched_switch", 1, 0, "BLOCKED", 2, "block"),
    )
    view = graph(takes(1, "m"), *joins, *blocks(2, "m", 1))
    assert sentences(view) == ["A waits for the end of B, which waits for m, held by A"]


def test_a_semaphore_is_nobodys_while_anybody_could_release_it() -> None:
    crossed = (takes(1, "s"), takes(2, "t"), *blocks(1, "t", 0), *blocks(2, "s", 0))
    assert sentences(graph(*crossed)) == [], "C is alive and could release one"
    ended: list[Raw] = [(0, "exit", 3, 0, ""), (0, "sched_switch", 3, 0, "EXITED", 0, "exit")]
    (words,) = sentences(graph(*crossed, *ended))
    assert words == "A waits for t, held by B, which waits for s, held by A"


def test_a_sleep_is_no_wait_for_anybody() -> None:
    view = graph((0, "wait", 1, 0, "the end of its sleep"), (0, "sched_switch", 1, 0, "BLOCKED", 2, "sleep"))
    assert view.waits.wants == []


def test_one_primitive_has_one_name_whoever_tells_of_it() -> None:
    told: tuple[Raw, Raw] = ((0, "wait", 2, 0, "Mutex 'a'"), (0, "sched_switch", 2, 0, "BLOCKED", 0, "block"))
    view = graph(takes(1, "a"), *told)
    assert view.waits.primitives == ["a"]
    assert view.graph(len(view.story) - 1) == ["A has a", "B waits for a, held by A"]


def test_every_wait_of_a_run_ends_when_the_run_ends_well() -> None:
    gate, permits, box = Condition(name="gate"), Semaphore(1, name="permits"), Channel(name="box")
    seen: list[str] = []

    def wait() -> None:
        with gate:
            gate.wait_for(lambda: seen)
        with permits:
            sched_yield()
        box.send("done")

    def main() -> None:
        threads = [spawn(wait), spawn(wait)]
        sched_yield()
        with gate:
            seen.append("go")
            gate.notify_all()
        for thread in threads:
            box.receive()
            thread.join()

    view = LockGraph(run(main).trace)
    assert {w.on for w in view.waits.wants} >= {"a notify of gate", "permits"}
    assert view.waits.at(len(view.story) - 1) == ({}, {})
    assert "no cycle" in view.describe()


def test_the_picture_opens_where_the_cycle_has_closed() -> None:
    view = graph(takes(1, "a"), takes(2, "b"), *blocks(1, "b", 2), *blocks(2, "a", 1), (0, "note", 3, 0, "later"))
    assert json.loads(view.data())["start"] == 8
    assert "A waits for b, held by B" in view.svg()


def test_a_lock_stands_beside_the_thread_that_had_it_first() -> None:
    assert graph(takes(2, "b"), takes(1, "a"), takes(2, "c")).places == {"b": 1, "a": 0, "c": 2}


def test_many_threads_are_counted_and_those_that_wait_are_drawn() -> None:
    names = {tid: f"t{tid}" for tid in range(1, 100)}
    view = LockGraph(Trace([takes(90, "m"), *blocks(99, "m", 90)], names))
    assert {"t90", "t99"} <= {view.story.names[row] for row in view.rows}
    assert json.loads(view.data())["more"] == "not drawn: 75 more threads"


def table() -> None:
    forks = [Mutex() for _ in range(3)]

    def eat(i: int) -> None:
        with forks[i], forks[(i + 1) % 3]:
            pass

    for thread in [spawn(eat, i) for i in range(3)]:
        thread.join()


def test_a_deadlock_that_explore_found_closes_in_the_graph_with_the_programs_words() -> None:
    verdict = explore(table)
    view = verdict.lockgraph()
    assert len(view.waits.cycles) == 1
    assert view.waits.cycles[0].end == len(view.story), "to the end: nobody can go on"
    assert set(view.waits.primitives) == {"forks[0]", "forks[1]", "forks[2]"}
    assert verdict.failures[0].lockgraph().text() == view.text()
    assert replay(table, verdict.failures[0].schedule).lockgraph().text() == view.text()


def test_a_run_that_passes_has_no_cycle_and_a_verdict_that_passes_no_graph() -> None:
    assert replay(table, "A*4 B*4 C*4").lockgraph().waits.cycles == []

    def main() -> None:
        with Mutex("alone"):
            pass

    with pytest.raises(LabError, match="none fails"):
        explore(main).lockgraph()


def test_who_comes_to_a_lock_that_is_held_waits_until_it_is_free() -> None:
    def main() -> None:
        a, b = Mutex("a"), Mutex("b")

        def one() -> None:
            with a:
                pass

        def both() -> None:
            with b, a:
                pass

        for thread in [spawn(one), spawn(both)]:
            thread.join()

    raw = replay(main, "A B A B B B").trace.raw
    told = [(kind, tid, *rest) for _, kind, tid, _, *rest in raw]
    refused = told.index(("lock_contend", 3, "a", 2))
    assert told[refused + 1] == ("sched_switch", 3, "BLOCKED", 2, "block")
    assert told.index(("lock_release", 2, "a")) < told.index(("sched_wakeup", 3, 2)) < told.index(("lock_acquire", 3, "a"))
    graph = LockGraph(replay(main, "A B A B B B").trace)
    assert graph.waits.at(len(raw) - 1) == ({}, {})
