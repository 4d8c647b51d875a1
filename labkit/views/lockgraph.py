"""The wait-for graph through time: threads on the left, what they hold and wait for on the right.

An arrow goes from a thread to what it waits for, and from there to who has it. Whoever follows the arrows and comes back
has found a deadlock: nobody on that way can go on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from textwrap import wrap
from typing import Any, ClassVar, Final

from labkit.thread import BLOCKED, EXITED, NEW, RUNNABLE, RUNNING, STATES
from labkit.tracelog import Raw, Trace
from labkit.views.base import AWKWARD, View, count
from labkit.views.still import INK, box, clean, cut, label, still
from labkit.views.story import TraceView
from labkit.views.waitfor import Cycle, Waits, Want

DRAWN: Final = 24
"""Threads, and primitives, in one picture; those that take part come first, the rest are counted."""

TEXT_CHANGES: Final = (30, 20)
"""Changes in the text twin, from the beginning and from the end."""

ROW_PX: Final = 54
PICTURE_PX: Final = (150, 420)
"""Least and greatest height of the picture; a taller one scrolls."""

LEFT, RIGHT, WIDE, BOX = 56, 330, 460, 126
"""Where the two columns begin, how wide the picture is, and a box in it."""

SAYS: Final = {RUNNING: "running", RUNNABLE: "can run", BLOCKED: "blocked", EXITED: "ended", NEW: "not spawned yet"}


class LockGraph(TraceView):
    """Who has what, who waits for whom, step by step; a cycle is coloured and said in words.

    Args:
        trace: what happened in one run; the trace of a Deadlock too.
        title: words above the picture.

    >>> raw = [(0, "lock_acquire", 1, 0, "m1"), (1, "lock_acquire", 2, 0, "m2"), (2, "lock_contend", 1, 0, "m2", 2)]
    >>> raw += [(2, "sched_switch", 1, 0, "BLOCKED", 2, "block"), (3, "lock_contend", 2, 0, "m1", 1)]
    >>> raw += [(3, "sched_switch", 2, 0, "BLOCKED", 0, "block")]
    >>> print(LockGraph(Trace(raw, {1: "A", 2: "B"})).text().splitlines()[-1])
      A waits for m2, held by B, which waits for m1, held by A
    """

    name: ClassVar[str] = "lockgraph"
    heading: ClassVar[str] = "wait-for graph"

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        usual = Trace(crossed("m1", "m2"), {1: "main", 2: "A", 3: "B"})
        bad = Trace(crossed(AWKWARD, "m2"), {1: "main", 2: AWKWARD, 3: "B"})
        return {"empty": partial(cls, Trace()), "usual": partial(cls, usual), "awkward": partial(cls, bad)}

    @cached_property
    def waits(self) -> Waits:
        """The edges of the graph, each with the steps between which it is there."""
        return Waits(self.story)

    @cached_property
    def rows(self) -> list[int]:
        """The threads that are drawn."""
        busy = {w.row for w in self.waits.wants} | {w.thread for w in self.waits.wants} | {h.row for h in self.story.holds}
        first = sorted(range(len(self.story.names)), key=lambda row: row not in busy)[:DRAWN]
        return sorted(first)

    @property
    def _picture(self) -> int:
        tall = max(len(self.rows), min(len(self.waits.primitives), DRAWN))
        return min(max(PICTURE_PX[0], ROW_PX * tall + 34), PICTURE_PX[1])

    @property
    def height(self) -> int:
        return 32 + self._picture + 32 + 38 + 78 + 38 + 4

    @property
    def start(self) -> int:
        """The step that says most: the first cycle, else the first with most waits, else the last step."""
        if not self.waits.cycles:
            return self.waits.most
        first = self.waits.cycles[0]
        seen = range(first.start, min(first.end, first.start + 3))  # its last thread says so, and blocks a step later
        return next((s for s in seen if all(self.story.at(row, s).state == BLOCKED for row in first.rows)), first.start)

    @cached_property
    def places(self) -> dict[str, int]:
        """The primitives that are drawn, each beside the thread that had it first where there is room."""
        names = self.waits.primitives[:DRAWN]
        beside = {h.lock: self.rows.index(h.row) for h in reversed(self.story.holds) if h.row in self.rows}
        room = range(max(len(names), len(self.rows)))
        free = dict.fromkeys(room)
        out = {}
        for name in names:
            wish = beside.get(name, 0)
            out[name] = next((place for place in free if place >= wish), next(iter(free)))
            del free[out[name]]
        return out

    def describe(self) -> str:
        parts = [count(len(self.story), "step"), count(len(self.story.names) + self.story.left_out, "thread")]
        parts.append(count(len(self.waits.primitives), "primitive"))
        return ", ".join([*parts, count(len(self.waits.cycles), "cycle") if self.waits.cycles else "no cycle"])

    def options(self) -> dict[str, Any]:
        index = {name: i for i, name in enumerate(self.places)}
        wants = [x for w in self.waits.wants for x in (w.row, w.start, w.end, index.get(w.on, -1), w.thread)]
        return {
            "start": self.start, "picture": self._picture, "drawn": self.rows, "primitives": list(self.places),
            "places": list(self.places.values()), "wants": wants,
            "cycles": [list(c) for c in self.waits.cycles], "changes": self.waits.changes,
            "place": [LEFT, RIGHT, WIDE, BOX, ROW_PX], "more": self._more(), "states": [SAYS[s] for s in STATES],
        }  # fmt: skip

    def _more(self) -> str:
        threads = len(self.story.names) + self.story.left_out - len(self.rows)
        others = len(self.waits.primitives) - DRAWN
        hidden = [count(threads, "more thread")] * (threads > 0) + [count(others, "more primitive")] * (others > 0)
        return f"not drawn: {' and '.join(hidden)}" if hidden else ""

    def text(self) -> str:
        """Each change of the graph, then the graph at its end, then every cycle in words."""
        changes = self.waits.changes
        first, last = TEXT_CHANGES
        shown = changes if len(changes) <= first + last else [*changes[:first], *changes[-last:]]
        lines = [self.words, *(["step  what happened"] if shown else [])]
        for i, step in enumerate(shown):
            lines += [f"   …  {len(changes) - first - last:,} more changes"] if i == first and len(shown) < len(changes) else []
            lines.append(f"{step:4}  {clean(str(self.story.said[step]))}")
        graph = self.graph(len(self.story) - 1)[:30] if len(self.story) else []
        lines += ["", "at the end", *(f"  {clean(line)}" for line in graph or ["nobody holds anything or waits"])]
        for cycle in self.waits.cycles[:10]:
            lines += [
                f"cycle from step {cycle.start}{self._until(cycle)}",
                *wrap(clean(cycle.words), 100, initial_indent="  ", subsequent_indent="  "),
            ]
        return "\n".join(cut(line.rstrip(), 140) for line in lines)

    def _until(self, cycle: Cycle) -> str:
        return " to the end: a deadlock" if cycle.end == len(self.story) else f" to {cycle.end - 1}"

    def graph(self, step: int) -> list[str]:
        """The edges after event `step`, a line for each thread that has any."""
        wants, held = self.waits.at(step)
        lines = []
        for row in self.rows:
            has = [lock for lock, rows in held.items() if row in rows]
            parts = [f"has {' and '.join(has)}"] if has else []
            parts += [self._waits_for(wants[row], held)] if row in wants else []
            lines += [f"{self.story.names[row]} {', '.join(parts)}"] if parts else []
        return lines

    def _waits_for(self, want: Want, held: dict[str, list[int]]) -> str:
        if want.thread >= 0:
            return f"waits for the end of {self.story.names[want.thread]}"
        who = " and ".join(self.story.names[row] for row in held.get(want.on, []))
        return f"waits for {want.on}" + (f", held by {who}" if who else "")

    def svg(self) -> str:
        """The graph at the step that says most."""
        step = self.start
        wants, held = self.waits.at(step)
        cycle = next((c for c in self.waits.cycles if c.start <= step < c.end), None)
        inside = set(cycle.rows) if cycle else set()
        body = [TIP, label(LEFT, 34, "threads", 'opacity=".7"'), label(RIGHT, 34, "held and waited for", 'opacity=".7"')]
        body += [self._arrow(want, want.row in inside) for want in wants.values()]
        for lock, rows in held.items():
            around = {wants[row].on for row in inside} if cycle else set()
            body += [self._hold(row, lock, row in inside and lock in around) for row in rows]
        for i, row in enumerate(self.rows):
            state = self.story.at(row, step).state if len(self.story) else NEW
            body.append(_node(LEFT, i, self.story.names[row], SAYS[state], "run" if row not in inside else "wait", 15))
        for name, i in self.places.items():
            who = " and ".join(self.story.names[row] for row in held.get(name, []))
            body.append(_node(RIGHT, i, name, f"held by {who}" if who else "free", "lock", 2))
        y = 52 + ROW_PX * max(1, len(self.rows), len(self.places))
        words = [
            f"after step {step}",
            *(wrap(f"cycle: {clean(cycle.words)}", 80) if cycle else self.graph(step)[:4] if wants else []),
        ]
        body += [label(2, y + 16 * i, cut(line, 84), 'font-weight="bold"' if i and cycle else "") for i, line in enumerate(words)]
        description = "Dotted arrow: a thread waits for it. Solid line: it is held by that thread. Thick: part of a cycle."
        return still(WIDE + 80, y + 16 * len(words), self.words, description, "".join(body))

    def _arrow(self, want: Want, thick: bool) -> str:
        style = f'fill="none" stroke="{INK["wait"]}" stroke-width="{4 if thick else 2}" marker-end="url(#lk-tip)"'
        style += f' stroke-dasharray="{"9 5" if thick else "3 4"}"'
        if want.row not in self.rows:
            return ""
        y = _y(self.rows.index(want.row))
        if want.thread in self.rows:
            to = _y(self.rows.index(want.thread))
            return f'<path d="M{LEFT} {y}C{LEFT - 50} {y} {LEFT - 50} {to} {LEFT} {to}" {style}/>'
        if want.on not in self.places:
            return ""
        return f'<path d="M{LEFT + BOX} {y - 6}L{RIGHT} {_y(self.places[want.on]) - 6}" {style}/>'

    def _hold(self, row: int, lock: str, thick: bool) -> str:
        if row not in self.rows or lock not in self.places:
            return ""
        style = f'stroke="{INK["wait" if thick else "lock"]}" stroke-width="4" marker-end="url(#lk-tip)"'
        return f'<path d="M{RIGHT} {_y(self.places[lock]) + 6}L{LEFT + BOX} {_y(self.rows.index(row)) + 6}" {style}/>'


def crossed(one: str, other: str) -> list[Raw]:
    """Two threads that take two locks in opposite orders: the events of the smallest deadlock."""
    return [
        (0, "spawn", 1, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (1000, "spawn", 2, 0, 1), (2000, "spawn", 3, 0, 1),
        (3000, "wait", 1, 0, "the end of thread 'B'"), (3000, "sched_switch", 1, 0, "BLOCKED", 2, "block"),
        (4000, "lock_acquire", 2, 0, one), (5000, "sched_switch", 2, 0, "RUNNABLE", 3, "yield"),
        (6000, "lock_acquire", 3, 0, other), (7000, "sched_switch", 3, 0, "RUNNABLE", 2, "yield"),
        (8000, "lock_contend", 2, 0, other, 3), (8000, "sched_switch", 2, 0, "BLOCKED", 3, "block"),
        (9000, "lock_contend", 3, 0, one, 2), (9000, "sched_switch", 3, 0, "BLOCKED", 0, "block"),
    ]  # fmt: skip


TIP: Final = (
    '<defs><marker id="lk-tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="11" markerHeight="11" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L6 3L0 6z" fill="context-stroke"/></marker></defs>'
)
"""The tip of an arrow."""


def _y(place: int) -> int:
    return 60 + ROW_PX * place


def _node(x: int, place: int, name: str, small: str, ink: str, round_: int) -> str:
    middle = x + BOX // 2
    style = f'rx="{round_}" fill="#f4f4f4" stroke="{INK[ink]}" stroke-width="2"'
    y = _y(place)
    return (
        box(x, y - 17, BOX, 34, style)
        + label(middle, y - 2, cut(clean(name), 16), 'text-anchor="middle" font-weight="bold" fill="#111"')
        + label(middle, y + 12, cut(clean(small), 22), 'text-anchor="middle" font-size="10" fill="#333"')
    )
