"""A run as lanes of bars on an axis of seconds, and in it the one sleep that is watched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from labkit.thread import BLOCKED, RUNNABLE, RUNNING
from labkit.tracelog import Trace

LANES: Final = 4
"""Threads drawn of each run: the one that slept, then those that ran most."""

COLUMNS: Final = 400
"""Pieces of time that a lane has at most; in each the state that filled most of it is drawn."""


class Bar(NamedTuple):
    """A stretch of one thread's time in one state."""

    state: str
    start_s: float
    end_s: float


class Course(NamedTuple):
    """One run: its lanes, and the sleep that is watched: from `asleep_s` to `due_s` (may run again) and `woke_s` (does)."""

    name: str
    lanes: list[tuple[str, list[Bar]]]
    asleep_s: float
    due_s: float
    woke_s: float | None
    end_s: float

    @property
    def verdict(self) -> str:
        """How long the sleep took, beside what it should have taken."""
        if self.woke_s is None:
            return "never got the CPU back"
        took, due = self.woke_s - self.asleep_s, self.due_s - self.asleep_s
        return f"back after {took:.3g} s, asked for {due:.3g} s"


def of_number(name: str, woke_s: float, sleeper: str, asked_s: float) -> Course:
    """A run of which only the length of the sleep is known."""
    waits = [Bar(RUNNABLE, asked_s, woke_s)] if woke_s > asked_s else []
    return Course(name, [(sleeper, [Bar(BLOCKED, 0.0, min(asked_s, woke_s)), *waits])], 0.0, asked_s, woke_s, woke_s)


def of_trace(name: str, trace: Trace, sleeper: str) -> Course:
    """The lanes of a trace, and in it the sleep that took longest."""
    lanes: dict[int, list[Bar]] = {}
    for span in sorted(trace.spans(), key=lambda s: s.start_step):
        lanes.setdefault(span.tid, []).append(Bar(span.state, span.start_ns / 1e9, span.end_ns / 1e9))
    mine = [tid for tid in lanes if trace.name(tid) == sleeper]
    others = sorted((tid for tid in lanes if tid not in mine), key=lambda tid: -_ran(lanes[tid]))
    shown = [(trace.name(tid), lanes[tid]) for tid in [*mine, *others][:LANES]]
    asleep, due, woke = _sleep([bar for tid in mine[:1] for bar in lanes[tid]])
    return Course(name, shown, asleep, due, woke, trace.end_ns / 1e9)


def _sleep(bars: list[Bar]) -> tuple[float, float, float | None]:
    """When the longest time off the CPU that began with a block began, when it could have ended, and when it did."""
    best: tuple[float, float, float | None] = (0.0, 0.0, None)
    longest = -1.0
    for i, bar in enumerate(bars):
        if bar.state == BLOCKED:
            back = next((b.start_s for b in bars[i + 1 :] if b.state == RUNNING), None)
            took = (bars[-1].end_s if back is None else back) - bar.start_s
            if took > longest:
                best, longest = (bar.start_s, bar.end_s, back), took
    return best


def _ran(bars: Iterable[Bar]) -> float:
    return sum(bar.end_s - bar.start_s for bar in bars if bar.state == RUNNING)


def columns(bars: list[Bar], end_s: float, columns: int) -> list[str]:
    """A lane cut into equal columns: the state that filled most of each, "" where the thread was not there."""
    shares: list[dict[str, float]] = [{} for _ in range(columns)]
    for bar in bars:
        start, end = (at * columns / (end_s or 1.0) for at in (bar.start_s, bar.end_s))
        for c in range(int(start), min(int(end), columns - 1) + 1):
            part = min(end, c + 1) - max(start, c)
            if part > 0:
                shares[c][bar.state] = shares[c].get(bar.state, 0.0) + part
    return [max(s, key=lambda state: s[state]) if s else "" for s in shares]


def few(bars: list[Bar], end_s: float, most: int = COLUMNS) -> list[Bar]:
    """The same lane with at most so many bars."""
    if len(bars) <= most:
        return bars
    out: list[Bar] = []
    for c, state in enumerate(columns(bars, end_s, most)):
        if out and out[-1].state == state:
            out[-1] = out[-1]._replace(end_s=(c + 1) * end_s / most)
        else:
            out.append(Bar(state, c * end_s / most, (c + 1) * end_s / most))
    return [bar for bar in out if bar.state]
