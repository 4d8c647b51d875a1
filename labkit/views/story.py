"""A trace made ready to be drawn: who was in which state from when to when, who held which lock, and each event in words.

Text twin, SVG and JavaScript all read this one form. It is columns of small integers, because the JavaScript of a view must
jump to any of 100,000 events at once: the state of a thread at one step is a binary search in that thread's own column.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, ClassVar, Final, NamedTuple

from labkit.thread import EXITED, NEW, STATES
from labkit.tracelog import CAUSES, Trace
from labkit.views.base import AWKWARD, View, count
from labkit.views.narrate import Said, labels, narrate

MAX_ROWS: Final = 200
"""Threads drawn in one picture: at 5 pixels each they fill a screen. More are counted and said, never drawn."""


PAGE_MAX_EVENTS: Final = 5_000
"""Events that text/html carries (about 150 kB in the notebook). Beyond it a static page shows the SVG: a notebook stays small."""


class Stretch(NamedTuple):
    """From step start on, a thread is in this state; `waits` says for what, when it is blocked."""

    start: int
    state: str
    waits: str
    cpu: int


class Hold(NamedTuple):
    """Thread `row` holds `lock` from step start until step end."""

    row: int
    start: int
    end: int
    lock: str


@dataclass
class Story:
    """A trace by rows (one per thread, in order of creation) and steps (one per event)."""

    trace: Trace
    names: list[str]
    said: list[Said]
    rows: list[list[Stretch]]
    holds: list[Hold]
    left_out: int = 0
    times: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.said)

    def at(self, row: int, step: int) -> Stretch:
        """What thread `row` is doing after the event `step`."""
        stretches = self.rows[row]
        i = bisect_right(stretches, step, key=lambda s: s.start) - 1
        return stretches[i] if i >= 0 else Stretch(0, NEW, "", 0)

    def pack(self) -> dict[str, Any]:
        """The story for the JavaScript: tables of words, and columns of numbers that point into them."""
        words = {name: i for i, name in enumerate(self.names)}
        patterns: dict[tuple[str, str], int] = {}
        events: list[int] = []
        for said in self.said:
            pattern = patterns.setdefault((said.pattern, said.cause), len(patterns))
            three = [words.setdefault(w, len(words)) for w in said.words]
            events += [pattern, *(three + [-1, -1, -1, -1])[:4]]
        rows = [
            [x for s in row for x in (s.start, STATES.index(s.state), words.setdefault(s.waits, len(words)), s.cpu)]
            for row in self.rows
        ]
        holds = [x for h in self.holds for x in (h.row, h.start, h.end, words.setdefault(h.lock, len(words)))]
        gaps = [b - a for a, b in zip([0, *self.times], self.times, strict=False)]
        return {"threads": len(self.names), "left_out": self.left_out, "words": list(words), "says": [list(p) for p in patterns],
                "events": events, "rows": rows, "holds": holds, "gaps_ns": gaps, "causes": list(CAUSES)}  # fmt: skip


class TraceView(View):
    """A picture of a trace.

    Args:
        trace: what happened in one run.
        title: words above the picture; the view has its own when this is empty.
    """

    scripts: ClassVar[tuple[str, ...]] = ("base", "story")

    def __init__(self, trace: Trace, title: str = "") -> None:
        super().__init__(title)
        self.trace = trace

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        bad = Trace([(0, "spawn", 1, 0, 0)], {1: AWKWARD})
        return {"empty": partial(cls, Trace()), "usual": partial(cls, Trace([(0, "spawn", 1, 0, 0)], {1: "main"})),
                "awkward": partial(cls, bad)}  # fmt: skip

    @cached_property
    def story(self) -> Story:
        """The trace made ready to be drawn; made at the first look and kept."""
        return tell(self.trace)

    @property
    def fits_a_page(self) -> bool:
        return len(self.trace) <= PAGE_MAX_EVENTS

    def options(self) -> dict[str, Any]:
        """What the view's JavaScript needs besides the story."""
        return {}

    def pack(self) -> dict[str, Any]:
        return {**self.options(), **self.story.pack()}

    def describe(self) -> str:
        story = self.story
        switches = sum(1 for s in story.said if s.cause)
        threads = len(story.names) + story.left_out
        parts = [count(len(story), "step"), count(threads, "thread"), count(switches, "switch", "switches")]
        lost = [f"{self.trace.lost} events lost"] if self.trace.lost else []
        return ", ".join(parts + lost)


def tell(trace: Trace) -> Story:
    """Read a trace once, and keep what the views draw."""
    names = labels(trace)
    drawn = dict(list(names.items())[:MAX_ROWS])
    row_of = {tid: row for row, tid in enumerate(drawn)}
    said = list(narrate(trace))
    rows, holds = _rows(trace, row_of, said), _holds(trace, row_of)
    times = [raw[0] for raw in trace.raw]
    return Story(trace, list(drawn.values()), said, rows, holds, len(names) - len(drawn), times)


def _rows(trace: Trace, row_of: dict[int, int], said: list[Said]) -> list[list[Stretch]]:
    """Each thread's stretches in order. A span that no other span follows is followed by EXITED, or by the end of the trace."""
    spans: list[list[Any]] = [[] for _ in row_of]
    for span in trace.spans():
        if span.tid in row_of:
            spans[row_of[span.tid]].append(span)
    rows: list[list[Stretch]] = []
    for row in spans:
        row.sort(key=lambda s: s.start_step)
        out: list[Stretch] = []
        for i, s in enumerate(row):
            out.append(Stretch(s.start_step, s.state, said[s.start_step].waits if s.state == "BLOCKED" else "", s.cpu))
            following = row[i + 1].start_step if i + 1 < len(row) else len(trace)
            if following > s.end_step:
                out.append(Stretch(s.end_step, EXITED, "", s.cpu))
        rows.append(out)
    return rows


def _holds(trace: Trace, row_of: dict[int, int]) -> list[Hold]:
    """Who held which lock, from acquire to release.

    An inner acquire of a lock already held belongs to the outer one. A release by a thread that does not hold it, as a
    semaphore allows, ends the oldest hold of another thread.
    """
    held: dict[str, dict[int, list[int]]] = {}  # lock → tid → [step of the first acquire, how many times held]
    out: list[Hold] = []
    for step, (_, kind, tid, _, *rest) in enumerate(trace.raw):
        if kind == "lock_acquire":
            held.setdefault(str(rest[0]), {}).setdefault(tid, [step, 0])[1] += 1
        elif kind == "lock_release" and (holders := held.get(str(rest[0]))):
            owner = tid if tid in holders else next(iter(holders))
            holders[owner][1] -= 1
            if not holders[owner][1]:
                out.append(Hold(row_of.get(owner, -1), holders.pop(owner)[0], step, str(rest[0])))
    for lock, holders in held.items():
        out += [Hold(row_of.get(tid, -1), start, len(trace), lock) for tid, (start, _) in holders.items()]
    return sorted(h for h in out if h.row >= 0)
