"""The run queue as a stepper: one card for each thread, and one sentence for each step.

What it is for: to see a scheduler as a queue of cards, and a context switch as two cards that change places. The queue is
shown in order of arrival. A policy may take any card: a trace says who was taken, and not what the policy thought.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, ClassVar, Final

from labkit.thread import BLOCKED, RUNNABLE, RUNNING
from labkit.views.story import TraceView

TEXT_ROWS: Final = (30, 8)
"""Steps in the text twin, from the beginning and from the end; how a run begins and how it ends says most."""

SVG_COLUMNS: Final = 16
"""Moments in the still picture: more would not be readable at 700 pixels."""

LANE_PX: Final = (132, 420)
"""Least and greatest height of the lanes; a lane with more cards scrolls."""


class RunQueue(TraceView):
    """Who runs, who waits for a turn, who is blocked: step by step.

    >>> from labkit.tracelog import Trace
    >>> print(RunQueue(Trace([(0, "spawn", 1, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start")], {1: "main"})))
    run queue: 2 steps, 1 thread, 1 switch
    step  running  run queue  what happened
       0  -        main       main is created
       1  main     -          main starts
    """

    name: ClassVar[str] = "runqueue"
    heading: ClassVar[str] = "run queue"

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
        out = [self.words]
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
        """The first moments that changed the queue: a column for each, the running thread on top."""
        steps = sorted({s.start for row in self.story.rows for s in row})
        shown = [(step, *self.moment(step)) for step in steps[:SVG_COLUMNS]]
        queue = min(8, max([1, *(len(q) for _, _, q, _ in shown)]))
        blocked = min(8, max([0, *(len(b) for _, _, _, b in shown)]))
        words = self.words
        more = f"; the first {len(shown)} of {len(steps)} moments" if len(steps) > len(shown) else ""
        body = "".join(part for i, moment in enumerate(shown) for part in _column(i, queue, blocked, moment))
        labels = [(35, "step"), (57, "running"), (79, "run queue"), *([(86 + 22 * queue, "blocked")] if blocked else [])]
        wide, tall = SVG_COLUMNS * 46 + 72, 70 + 22 * (queue + blocked)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="100%" style="max-width:{wide}px" '
            f'role="img" font-family="sans-serif" font-size="11" fill="currentColor"><title>{escape(words)}</title>'
            f"<desc>Each column is one step. Top: the running thread. Below it the run queue in order of arrival, "
            f"then the blocked threads in dashed boxes.</desc>"
            f'<text x="2" y="14" font-weight="bold">{escape(words + more)}</text>'
            + "".join(f'<text x="2" y="{y}" opacity=".7">{word}</text>' for y, word in labels)
            + f"{body}</svg>"
        )


def _few(names: list[str], most: int = 5) -> str:
    """Names in one cell, or the first few and how many more."""
    return " ".join(names[:most]) + (f" +{len(names) - most}" if len(names) > most else "") or "-"


def _column(i: int, queue: int, blocked: int, moment: tuple[int, list[str], list[str], list[tuple[str, str]]]) -> Iterator[str]:
    """One moment of the still picture, in a field of so many queued and so many blocked threads."""
    step, now, waiting, stuck = moment
    x = 64 + i * 46
    yield f'<text x="{x + 21}" y="35" text-anchor="middle" opacity=".7">{step}</text>'
    for name in now[:1]:
        yield _box(x, 43, name, 'fill="#0072B2"', "#fff")
    for row, name in enumerate(waiting[:queue]):
        yield _box(x, 65 + 22 * row, name, 'fill="#E69F00" fill-opacity=".35" stroke="#E69F00"')
    for row, (name, _) in enumerate(stuck[:blocked]):
        yield _box(x, 72 + 22 * (queue + row), name, 'fill="none" stroke="#D55E00" stroke-dasharray="3 2"')


def _box(x: int, y: int, name: str, style: str, ink: str = "currentColor") -> str:
    short = name if len(name) <= 6 else name[:5] + "…"
    return (
        f'<rect x="{x}" y="{y}" width="42" height="19" rx="3" {style}/>'
        f'<text x="{x + 21}" y="{y + 13}" text-anchor="middle" fill="{ink}">{escape(short)}</text>'
    )
