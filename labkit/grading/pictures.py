"""Still pictures for feedback: the schedule that breaks a program, and who waits for whom.

They are drawn here, from events and sentences, and never taken over: what came from a student's process may be anything.
"""

from __future__ import annotations

import math
import re
from html import escape
from typing import Any, Final, NamedTuple

from labkit.grading.page import plain, svg
from labkit.grading.wire import EVENTS_MOST
from labkit.tracelog import FIELDS, Trace

NAME_MOST: Final = 40
WAITS_MOST: Final = 30
NODES_MOST: Final = 8
_WAITS: Final = re.compile(
    r"(?:^|[\s;:])'([^'\n]{1,80})' waits for ([^;\n]+?)(?:, held by ([^;\n]+?))?(?=;|\n|\. Schedule|\.?$)", re.M
)
_END_OF: Final = re.compile(r"the end of thread '(.+)'$")
_QUOTED: Final = re.compile(r"'([^']+)'")


class Wait(NamedTuple):
    """A thread that waits: for what, and who could end it."""

    thread: str
    on: str
    holders: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """In words."""
        ended = _END_OF.search(self.on)
        held = f", which {' and '.join(self.holders)} {'holds' if len(self.holders) == 1 else 'hold'}" if self.holders else ""
        return f"{self.thread} waits for {self.on}" + ("" if ended else held)


def schedule(trace: Any, title: str = "the schedule that fails") -> str:
    """The failing run as SVG; "" if there are no events, or none that can be drawn."""
    if not trace or not trace[1]:
        return ""
    from labkit.views.timeline import Timeline

    try:
        threads, events = trace
        if len(events) > EVENTS_MOST or not all(len(event) == 4 + len(FIELDS[event[1]]) for event in events):
            return ""
        names = {int(tid): plain(str(name), NAME_MOST) for tid, name in threads.items()}
        raw = [tuple(plain(each, NAME_MOST) if isinstance(each, str) else each for each in event) for event in events]
        return svg(Timeline(Trace(raw, names), title=title).svg())
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return ""  # Why: it came from a student's process, which may send what it likes


def waits(text: str) -> list[Wait]:
    """Who waits for whom, read from the words of a deadlock."""
    found = []
    for thread, on, held in _WAITS.findall(text[:20_000])[:WAITS_MOST]:
        ended = _END_OF.search(on)
        holders = (ended[1],) if ended else tuple(_QUOTED.findall(held))
        found.append(Wait(plain(thread, NAME_MOST), plain(on, 80), tuple(plain(each, NAME_MOST) for each in holders)))
    return list(dict.fromkeys(found))


def circle(found: list[Wait]) -> list[Wait]:
    """The waits around a circle, each for the next; none if nobody waits in one."""
    by = {each.thread: each for each in found}
    for start in by:
        path: list[str] = [start]
        while (here := by.get(path[-1])) is not None:
            following = next((each for each in here.holders if each in by), None)
            if following is None:
                break
            if following in path:
                return [by[name] for name in path[path.index(following) :]]
            path.append(following)
    return []


def ring(around: list[Wait]) -> str:
    """A circle of waits as SVG: a box for each thread, an arrow to the one it waits for; "" if there is none to draw."""
    n = len(around)
    if not 2 <= n <= NODES_MOST:
        return ""
    wide, tall, rx, ry = 400, 150 if n == 2 else 320, 120, 0 if n == 2 else 100
    words = "; ".join(each.sentence for each in around)
    at = [(wide / 2 - rx * math.cos(math.tau * i / n), tall / 2 - ry * math.sin(math.tau * i / n)) for i in range(n)]
    arrows = "".join(_arrow(at[i], at[(i + 1) % n], (wide / 2, tall / 2), each.on) for i, each in enumerate(around))
    boxes = "".join(_box(*place, each.thread) for place, each in zip(at, around, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" role="img" font-family="sans-serif" font-size="13">'
        f"<title>who waits for whom</title><desc>{escape(words)}</desc>{arrows}{boxes}</svg>"
    )


def _box(x: float, y: float, name: str) -> str:
    words = escape(plain(name, 12))
    return (
        f'<rect class="box" x="{x - 48:.1f}" y="{y - 17:.1f}" width="96" height="34" rx="4"/>'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-weight="bold">{words}</text>'
    )


def _arrow(start: tuple[float, float], end: tuple[float, float], middle: tuple[float, float], on: str) -> str:
    """A curve that leaves the circle outwards, with its words at the top of the bow."""
    (x1, y1), (x2, y2) = start, end
    mx, my = (x1 + x2) / 2, (y1 + y2) / 2
    out_x, out_y = (mx - middle[0], my - middle[1])
    if abs(out_x) + abs(out_y) < 1:  # two threads: one bow above, one below
        out_x, out_y = 0.0, -1.0 if x1 < x2 else 1.0
    length = math.hypot(out_x, out_y)
    bx, by = mx + 75 * out_x / length, my + 75 * out_y / length
    tip_x, tip_y = _edge_of_box(x2, y2, bx, by)
    from_x, from_y = _edge_of_box(x1, y1, bx, by)
    angle = math.atan2(tip_y - by, tip_x - bx)
    sides = [(tip_x - 10 * math.cos(angle + turn), tip_y - 10 * math.sin(angle + turn)) for turn in (0.45, -0.45)]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(tip_x, tip_y), *sides])
    lx, ly = (from_x + 2 * bx + tip_x) / 4, (from_y + 2 * by + tip_y) / 4
    up = -8 if out_y <= 0 else 18
    words = escape(plain(on, 34))
    return (
        f'<path class="edge" d="M{from_x:.1f} {from_y:.1f}Q{bx:.1f} {by:.1f} {tip_x:.1f} {tip_y:.1f}"/>'
        f'<polygon class="tip" points="{head}"/>'
        f'<text x="{min(max(lx, 70), 330):.1f}" y="{ly + up:.1f}" text-anchor="middle" font-size="12">{words}</text>'
    )


def _edge_of_box(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Where a line from the middle of a box to a point leaves the box."""
    dx, dy = to_x - x, to_y - y
    part = min(50 / abs(dx) if dx else math.inf, 19 / abs(dy) if dy else math.inf)
    return x + dx * part, y + dy * part
