"""The run queue as a stepper: one card for each thread, and one sentence for each step.

What it is for: to see a scheduler as a queue of cards, and a context switch as two cards that change places. The queue is
shown in order of arrival. A policy may take any card: a trace says who was taken, and not what the policy thought.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, ClassVar, Final

from labkit.thread import BLOCKED, RUNNABLE, RUNNING
from labkit.views.base import View, describe

TEXT_ROWS: Final = (30, 8)
"""Steps in the text twin, from the beginning and from the end; how a run begins and how it ends says most."""

SVG_COLUMNS: Final = 16
"""Moments in the still picture: more would not be readable at 700 pixels."""

LANE_PX: Final = (132, 420)
"""Least and greatest height of the lanes; a lane with more cards scrolls."""


class RunQueue(View):
    """Who runs, who waits for a turn, who is blocked: step by step.

    >>> from labkit.tracelog import Trace
    >>> print(RunQueue(Trace([(0, "spawn", 1, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start")], {1: "main"})))
    run queue: 2 steps, 1 thread, 1 switch
    step  running  run queue  what happened
       0  -        main       main is created
       1  main     -          main starts
    """

    name: ClassVar[str] = "runqueue"

    @property
    def height(self) -> int:
        return self._lane + 132

    @property
    def _lane(self) -> int:
        return min(max(LANE_PX[0], 32 * min(len(self.story.names), 12) + 34), LANE_PX[1])

    def options(self) -> dict[str, Any]:
        return {"lane": self._lane}

    def moment(self, step: int) -> tuple[list[str], list[str], list[tuple[str, str]]]:
        """After event `step`: who runs, the run queue in order of arrival, and who is blocked on what."""
        story = self.story
        now = [(name, story.at(row, step)) for row, name in enumerate(story.names)]
        queue = sorted((s.start, name) for name, s in now if s.state == RUNNABLE)
        running = [name for name, s in now if s.state == RUNNING]
        return running, [name for _, name in queue], [(name, s.waits) for name, s in now if s.state == BLOCKED]

    def text(self) -> str:
        """One line for each step: who runs, the run queue, who is blocked, what happened."""
        total = len(self.story)
        first, last = TEXT_ROWS
        steps = list(range(total)) if total <= first + last else [*range(first), *range(total - last, total)]
        table = [self._line(step) for step in steps]
        head = ["step", "running", "run queue", "blocked", "what happened"]
        keep = [i for i in range(5) if i != 3 or any(line[3] != "-" for line in table)]
        width = [max([len(head[i]), *(len(line[i]) for line in table)]) for i in range(5)]
        out = [f"{self.title or 'run queue'}: {describe(self.story)}"]
        for row in [head, *table] if table else []:
            cells = [row[0].rjust(width[0])] + [row[i].ljust(width[i]) for i in keep if i]
            out.append("  ".join(cells).rstrip())
        if len(steps) < total:
            out.insert(2 + first, f"   …  {total - len(steps):,} more steps")
        return "\n".join(out)

    def _line(self, step: int) -> list[str]:
        running, queue, blocked = self.moment(step)
        names = [_few(names) for names in (running, queue, [name for name, _ in blocked])]
        return [str(step), *names, str(self.story.said[step])]

    def svg(self) -> str:
        """The queue at the first moments that changed it: a column for each, the running thread on top."""
        steps = sorted({s.start for row in self.story.rows for s in row})
        shown = [(step, *self.moment(step)) for step in steps[:SVG_COLUMNS]]
        deep = max([len(queue) + len(blocked) for _, _, queue, blocked in shown], default=0)
        rows = min(deep, 12) + 2
        words = f"{self.title or 'run queue'}: {describe(self.story)}"
        more = f"; the first {len(shown)} of {len(steps)} moments" if len(steps) > len(shown) else ""
        body = "".join(part for i, moment in enumerate(shown) for part in _column(i, rows, moment))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SVG_COLUMNS * 46 + 66} {rows * 22 + 52}" width="100%" '
            f'style="max-width:{SVG_COLUMNS * 46 + 66}px" role="img" font-family="sans-serif" font-size="11" fill="currentColor">'
            f"<title>{escape(words)}</title><desc>Each column is one step. Top: the running thread. Below: the run queue in order "
            f"of arrival, then the blocked threads in dashed boxes.</desc>"
            f'<text x="2" y="14" font-weight="bold">{escape(words + more)}</text>'
            f'<text x="2" y="35">step</text><text x="2" y="57">running</text><text x="2" y="79">queue</text>{body}</svg>'
        )


def _few(names: list[str], most: int = 5) -> str:
    """Names in one cell, or the first few and how many more."""
    return " ".join(names[:most]) + (f" +{len(names) - most}" if len(names) > most else "") or "-"


def _column(i: int, rows: int, moment: tuple[int, list[str], list[str], list[tuple[str, str]]]) -> Iterator[str]:
    """One moment of the still picture."""
    step, running, queue, blocked = moment
    x = 58 + i * 46
    yield f'<text x="{x + 21}" y="35" text-anchor="middle" opacity=".7">{step}</text>'
    for name in running[:1]:
        yield _box(x, 42, name, 'fill="#0072B2"', "#fff")
    row = 1
    for name in queue[: rows - 1]:
        yield _box(x, 42 + 22 * row, name, 'fill="#E69F00" fill-opacity=".35" stroke="#E69F00"')
        row += 1
    for name, _ in blocked[: max(0, rows - row)]:
        yield _box(x, 42 + 22 * row, name, 'fill="none" stroke="#D55E00" stroke-dasharray="3 2"')
        row += 1


def _box(x: int, y: int, name: str, style: str, ink: str = "currentColor") -> str:
    short = name if len(name) <= 6 else name[:5] + "…"
    return (
        f'<rect x="{x}" y="{y}" width="42" height="19" rx="3" {style}/>'
        f'<text x="{x + 21}" y="{y + 13}" text-anchor="middle" fill="{ink}">{escape(short)}</text>'
    )
