"""The trace and the schedule: what they hold, what they add up to, and that they survive being written."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import Mutex, Schedule, Trace, run, sched_yield, sleep, spawn
from labkit.errors import LabError
from labkit.limits import TRACE_FORMAT
from labkit.machines import base, cooperative
from labkit.tracelog import CAUSES, FIELDS
from tests.contracts.variants import VARIANTS, Variant, each, go


def contended() -> None:
    lock = Mutex("m")

    def worker(i: int) -> None:
        for _ in range(3):
            with lock:
                sched_yield()
            sleep(i * 1e-5)

    for t in [spawn(worker, i) for i in range(3)]:
        t.join()


# ---- spans


@each(VARIANTS)
def test_spans_cut_each_threads_life_without_gap_or_overlap(v: Variant) -> None:
    trace = go(v, contended).trace
    spans = trace.spans()
    for tid in trace.threads:
        mine = sorted((s for s in spans if s.tid == tid), key=lambda s: s.start_step)
        born = next(i for i, e in enumerate(trace) if e.kind == "spawn" and e.tid == tid)
        died = next(i for i, e in enumerate(trace) if e.kind == "sched_switch" and e.tid == tid and e.prev_state == "EXITED")
        assert (mine[0].start_step, mine[-1].end_step) == (born, died)
        assert [s.end_step for s in mine[:-1]] == [s.start_step for s in mine[1:]]
        assert [s.end_ns for s in mine[:-1]] == [s.start_ns for s in mine[1:]]
        assert all(s.start_ns <= s.end_ns and s.start_step < s.end_step for s in mine)
        assert {s.state for s in mine} <= {"RUNNABLE", "RUNNING", "BLOCKED"}
        assert {s.cause for s in mine} <= set(CAUSES)


@each(tuple(v for v in VARIANTS if v.name != "free"))
def test_one_thread_runs_at_a_time(v: Variant) -> None:
    running = sorted((s for s in go(v, contended).trace.spans() if s.state == "RUNNING"), key=lambda s: s.start_step)
    assert all(a.end_step <= b.start_step for a, b in itertools.pairwise(running))


@each(VARIANTS)
def test_events_are_in_the_order_of_time_and_have_their_fields(v: Variant) -> None:
    trace = go(v, contended).trace
    times = [e.t_ns for e in trace]
    assert times == sorted(times)
    assert trace.end_ns == times[-1]
    for e in trace:
        assert tuple(e.args) == FIELDS[e.kind]
        assert e.tid == 0 or e.tid in trace.threads


@each(VARIANTS)
def test_a_lock_is_released_by_the_thread_that_acquired_it(v: Variant) -> None:
    holder = 0
    for e in go(v, contended).trace.of("lock_acquire", "lock_release"):
        assert e.lock == "m"
        if e.kind == "lock_release":
            assert holder == e.tid
            holder = 0
        else:
            assert holder == 0
            holder = e.tid


def test_an_event_without_the_field_says_what_it_has() -> None:
    event = next(iter(Trace(raw=[(0, "spawn", 1, 0, 0)])))
    with pytest.raises(AttributeError, match="a spawn event has no lock; it has by_tid"):
        _ = event.lock


# ---- sums


BY_HAND = Trace(
    raw=[
        (0, "spawn", 1, 0, 0),
        (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (1000, "spawn", 2, 0, 1),
        (3000, "sched_switch", 1, 0, "BLOCKED", 2, "block"),
        (4000, "lock_contend", 2, 0, "m", 1),
        (7000, "sched_wakeup", 1, 0, 2),
        (8000, "sched_switch", 2, 0, "EXITED", 1, "exit"),
        (10000, "sched_switch", 1, 0, "EXITED", 0, "exit"),
    ],
    threads={1: "main", 2: "A"},
)  # fmt: skip


def test_the_summary_adds_up() -> None:
    summary = BY_HAND.summary()
    assert summary.switches == {"start": 1, "block": 1, "exit": 2}
    assert summary.running_ns == {"main": 5000, "A": 5000}
    assert summary.runnable_ns == {"main": 1000, "A": 2000}
    assert summary.blocked_ns == {"main": 4000, "A": 0}
    assert summary.contended == {"m": 1}
    assert summary.share == {"main": 0.5, "A": 0.5}
    for word in ("switches: 4", "1 by block", "2 by exit", "50%"):
        assert word in str(summary)


def test_an_empty_trace_has_empty_sums() -> None:
    empty = Trace()
    assert (len(empty), empty.end_ns, empty.spans(), empty.summary().share) == (0, 0, [], {})
    assert str(empty.summary()).startswith("switches: 0 (none)")


def test_a_trace_that_stops_early_ends_its_spans_where_it_stops() -> None:
    cut = Trace(BY_HAND.raw[:5], BY_HAND.threads)
    assert [(s.tid, s.state, s.start_ns, s.end_ns, s.cause) for s in cut.spans()][-2:] == [
        (1, "BLOCKED", 3000, 4000, ""),
        (2, "RUNNING", 3000, 4000, ""),
    ]


def test_names_of_nobody_and_of_strangers() -> None:
    assert (BY_HAND.name(0), BY_HAND.name(2), BY_HAND.name(99)) == ("idle", "A", "tid 99")


# ---- limits


def test_events_beyond_the_limit_are_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(contended).trace
    assert whole.lost == 0
    for module in (base, cooperative):
        monkeypatch.setattr(module, "TRACE_MAX_EVENTS", 10)
    cut = run(contended).trace
    assert (cut.raw, cut.lost) == (whole.raw[:10], len(whole) - 10)
    assert f"{cut.lost} lost" in repr(cut)


def test_an_untraced_run_keeps_no_events() -> None:
    made = run(contended, trace=False)
    assert (len(made.trace), made.trace.lost, list(made.trace.threads.values())) == (0, 0, ["main", "A", "B", "C"])


# ---- files


@each(VARIANTS)
def test_a_trace_survives_being_saved(v: Variant, tmp_path: Path) -> None:
    trace = go(v, contended).trace
    trace.save(tmp_path / "run.json")
    assert Trace.load(tmp_path / "run.json") == trace


def test_a_trace_of_another_format_says_both_numbers(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps({"labkit_trace": 99, "events": []}), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"format 99; this labkit reads {TRACE_FORMAT}"):
        Trace.load(file)


@pytest.mark.parametrize("content", [b"", b"no json", b"[1, 2]", b"7", b"null", b'{"other": 1}', b"\xff\xfe\x00"])
def test_a_file_that_is_no_trace_says_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "stray.json"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"stray\.json is not a labkit trace"):
        Trace.load(file)


@each(VARIANTS)
def test_perfetto_gets_valid_chrome_trace_events(v: Variant, tmp_path: Path) -> None:
    trace = go(v, contended).trace
    data = trace.to_perfetto(tmp_path / "run.perfetto.json")
    assert json.loads((tmp_path / "run.perfetto.json").read_text(encoding="utf-8")) == data
    events = data["traceEvents"]
    tids = {0, *trace.threads}
    for e in events:
        assert e["ph"] in {"X", "i", "M"}
        assert isinstance(e["pid"], int)
        assert e["tid"] in tids
        assert e["name"]
        if e["ph"] == "M":
            assert (e["name"], e["args"]) == ("thread_name", {"name": trace.threads[e["tid"]]})
        else:
            assert isinstance(e["ts"], float)
            assert e["ts"] >= 0
        if e["ph"] == "X":
            assert e["dur"] >= 0
        if e["ph"] == "i":
            assert e["s"] in {"t", "p", "g"}
    assert sum(e["ph"] == "M" for e in events) == len(trace.threads)
    assert sum(e["ph"] == "X" for e in events) == len(trace.spans())
    longest = max((e for e in events if e["ph"] == "X"), key=lambda e: float(e["ts"] + e["dur"]))
    assert longest["ts"] + longest["dur"] == pytest.approx(trace.end_ns / 1e3)


# ---- schedules


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=1).filter(
    lambda n: not any(c.isspace() for c in n)
)


@given(st.lists(st.sampled_from(["main", "A", "B-2"]) | NAMES))
def test_a_schedule_survives_being_written(names: list[str]) -> None:
    schedule = Schedule(names)
    again = Schedule.parse(str(schedule))
    assert again == schedule
    assert hash(again) == hash(schedule)
    assert eval(repr(schedule).replace("Schedule(", "Schedule.parse(", 1)) == schedule


@given(NAMES)
def test_every_name_that_a_schedule_can_hold_names_a_thread(name: str) -> None:
    assert [t.name for t in run(lambda: spawn(lambda: None, name=name)).threads] == ["main", name if name != "main" else "main-2"]


def test_three_and_more_are_written_with_a_star() -> None:
    assert str(Schedule(["A", "B", "B", "C", "C", "C"])) == "A B B C*3"


@pytest.mark.parametrize("text", ["A*", "*3", "A*x", "A*3*4", "A*-1"])
def test_a_word_that_is_no_schedule_is_shown(text: str) -> None:
    with pytest.raises(ValueError, match="in a schedule: write a thread's name"):
        Schedule.parse(text)


@pytest.mark.parametrize("v", VARIANTS, ids=lambda v: v.name)
def test_a_schedule_says_whether_it_says_everything(v: Variant) -> None:
    exact = v.exact or v.name == "cooperative-real"
    assert go(v, contended).schedule.exact is exact


@pytest.mark.parametrize("name", ["a b", "a\tb", "a*b", "", "a\u2003b"])
def test_a_name_that_a_schedule_cannot_hold_is_refused(name: Any) -> None:
    with pytest.raises(LabError, match="name"):
        run(lambda: spawn(lambda: None, name=name))
