"""The timeline: a row for each thread, filled where it ran, and a letter wherever the processor changed hands.

Two axes. On "steps" every event is equally wide; on "time" a second is a second. A virtual clock starts with steps, because
a sleep of 1 s beside steps of 1 µs would leave nothing to see of the steps.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any, ClassVar, Final

from labkit.thread import BLOCKED, RUNNABLE, RUNNING
from labkit.tracelog import CAUSES, Trace
from labkit.views.story import Story, TraceView

AXES: Final = ("steps", "time")

TEXT_COLUMNS: Final = 72
"""Widest picture in characters: with a name before it, it fits the 88 columns of a notebook at 800 pixels."""

STILL_ROWS: Final = 40
"""Threads in the text twin and the SVG."""

SVG_CELLS: Final = 2_000
"""Threads times columns in the SVG: about 30 kB at worst, however long the run was."""

LETTERS: Final = {"start": "·", "yield": "y", "preempt": "p", "block": "b", "sleep": "s", "exit": "x", "wake": "w"}
"""How each cause of a switch is written under the picture."""

EIGHTHS: Final = "▁▂▃▄▅▆▇█"

Cell = dict[str, float]
"""state → share of a column's width that the thread spent in it."""


class Timeline(TraceView):
    """When each thread ran, waited for its turn, or was blocked, and why every switch happened.

    Args:
        trace: what happened in one run.
        axis: "steps" or "time"; by default steps for a virtual clock and time for a real one.
        title: words above the picture.

    >>> raw = [(0, "spawn", 1, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"), (1, "exit", 1, 0, None)]
    >>> print(Timeline(Trace(raw, {1: "main"})).text().splitlines()[2])
    main    ░██
    """

    name: ClassVar[str] = "timeline"
    heading: ClassVar[str] = "timeline"

    def __init__(self, trace: Trace, axis: str | None = None, title: str = "") -> None:
        super().__init__(trace, title)
        self.axis = axis or ("steps" if trace.clock == "virtual" else "time")
        if self.axis not in AXES:
            raise ValueError(f"axis={axis!r}: a timeline has the axes {' and '.join(AXES)}")

    @property
    def _row_px(self) -> int:
        """Height of one row: tall enough for the name of a lock where there are locks, low where there are many threads."""
        tall = 34 if self.story.holds else 26
        return max(5, min(tall, 520 // max(1, len(self.story.names))))

    @property
    def height(self) -> int:
        return 32 + (20 + self._row_px * max(1, len(self.story.names)) + 18) + 32 + 38 + 36 + 8

    def options(self) -> dict[str, Any]:
        return {"axis": self.axis, "row": self._row_px, "letters": LETTERS}

    def positions(self) -> list[float]:
        """Where each event stands on the axis, and after the last one the end of the axis."""
        if self.axis == "steps":
            return [float(i) for i in range(len(self.story) + 1)]
        times = [float(t) for t in self.story.times]
        return [*times, times[-1] if times else 0.0]

    def cells(self, columns: int) -> list[list[Cell]]:
        """Each drawn thread's row cut into equal columns."""
        at = self.positions()
        width = (at[-1] or 1.0) / columns
        rows = []
        for row in self.story.rows[:STILL_ROWS]:
            cells: list[Cell] = [{} for _ in range(columns)]
            for i, s in enumerate(row):
                end = at[row[i + 1].start] if i + 1 < len(row) else at[-1]
                _spread(cells, s.state, at[s.start] / width, end / width)
            rows.append(cells)
        return rows

    def text(self) -> str:
        """The timeline in characters, with the causes of the switches under it."""
        story = self.story
        head = self.words
        if not len(story):
            return head
        columns = min(TEXT_COLUMNS, len(story)) if self.axis == "steps" else TEXT_COLUMNS
        exact = self.axis == "steps" and columns == len(story)
        label = max(6, *(len(n) for n in story.names[:STILL_ROWS]), *(len(h.lock) + 6 for h in story.holds))
        label = min(label, 24)
        lines = [f"{self.axis[:4]:{label}}  {self._ruler(columns)}"]
        for row, cells in enumerate(self.cells(columns)):
            lines.append(f"{_cut(story.names[row], label):{label}}  {''.join(_character(c, exact) for c in cells)}")
            lines += [f"{_cut('  has ' + lock, label):{label}}  {bar}" for lock, bar in self._hold_bars(row, columns)]
        hidden = len(story.names) + story.left_out - STILL_ROWS
        lines += [f"… and {hidden} more threads"] if hidden > 0 else []
        lines.append(f"{'switch':{label}}  {self._letters(columns)}")
        return "\n".join(s.rstrip() for s in [head, *lines, *self._legend(exact, columns)])

    def _ruler(self, columns: int) -> str:
        """Numbers above the columns, one every ten steps or every quarter of the time."""
        at = self.positions()
        every = 10 if self.axis == "steps" else 18
        out = ""
        for c in range(0, columns, every):
            value = at[-1] * c / columns
            mark = f"{value:.0f}" if self.axis == "steps" else duration(value)
            out = out.ljust(c) + mark if len(out) < c or not c else out
        return out

    def _hold_bars(self, row: int, columns: int) -> list[tuple[str, str]]:
        """For each lock that this thread ever held: its name and a line where it was held."""
        at = self.positions()
        width = (at[-1] or 1.0) / columns
        bars: dict[str, list[str]] = {}
        for h in self.story.holds:
            if h.row == row:
                bar = bars.setdefault(h.lock, [" "] * columns)
                first, last = int(at[h.start] / width), int(at[h.end] / width)
                bar[first : max(last, first + 1)] = "▀" * (min(max(last, first + 1), columns) - first)
        return [(lock, "".join(bar)) for lock, bar in sorted(bars.items())]

    def _letters(self, columns: int) -> str:
        """Under each column the letter of the switch in it, or * for several unlike ones."""
        at = self.positions()
        width = (at[-1] or 1.0) / columns
        marks = [" "] * columns
        for step, said in enumerate(self.story.said):
            if said.cause:
                c = min(int(at[step] / width), columns - 1)
                letter = LETTERS.get(said.cause, "?")
                marks[c] = letter if marks[c] in (" ", letter, "·") else "*"
        return "".join(marks)

    def _legend(self, exact: bool, columns: int) -> list[str]:
        """What the characters mean; only those that can occur."""
        lock = "   ▀ has the lock" if self.story.holds else ""
        unit = f"{len(self.story) / columns:.3g} steps" if self.axis == "steps" else duration(self.positions()[-1] / columns)
        shares = "" if exact else f"   ▂▅ ran a part (one column is {unit})"
        counts = Counter(s.cause for s in self.story.said if s.cause)
        causes = "   ".join(f"{LETTERS[c]} {c} {counts[c]}" for c in CAUSES if counts[c])
        return ["", f"█ running{shares}   ░ runnable   ─ blocked{lock}", f"switches: {causes or 'none'}"]

    def svg(self) -> str:
        """The timeline as a still picture, of bounded size."""
        return _Still(self).draw()


def duration(ns: float) -> str:
    """A time in the unit that reads best: 1500 is "1.5 µs"."""
    if not ns:
        return "0"
    size, unit = next(((s, u) for s, u in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")) if ns >= s), (1, "ns"))
    return f"{ns / size:.4g} {unit}"


def _spread(cells: list[Cell], state: str, start: float, end: float) -> None:
    """Add one stretch to the columns it covers; start and end count columns."""
    first, last = int(start), min(int(end), len(cells) - 1)
    for c in range(first, last + 1):
        part = min(end, c + 1) - max(start, c)
        if part > 0:
            cells[c][state] = cells[c].get(state, 0.0) + part


def _character(cell: Cell, exact: bool) -> str:
    """One column of one thread."""
    ran = cell.get(RUNNING, 0.0)
    if ran > 1e-9:
        return "█" if exact else EIGHTHS[min(7, int(ran * 8))]
    if cell.get(RUNNABLE, 0.0) >= cell.get(BLOCKED, 0.0) and RUNNABLE in cell:
        return "░"
    return "─" if BLOCKED in cell else " "


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"


class _Still:
    """The SVG: shapes as in the live view (tall bar, low bar, dotted line), so that it needs no colour to be read."""

    LEFT, WIDE, ROW = 112, 600, 26

    def __init__(self, view: Timeline) -> None:
        self.view = view
        self.story: Story = view.story
        self.names = self.story.names[:STILL_ROWS]
        self.columns = max(1, min(300, len(self.story), SVG_CELLS // max(1, len(self.names))))
        if view.axis == "time" and len(self.story):
            self.columns = min(300, SVG_CELLS // len(self.names))
        self.width = self.WIDE / self.columns

    def draw(self) -> str:
        tall = 44 + self.ROW * len(self.names) + 46
        words = self.view.words
        rows = "".join(self._row(i, cells) for i, cells in enumerate(self.view.cells(self.columns) if len(self.story) else []))
        wide = self.LEFT + self.WIDE + 12
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="100%" style="max-width:{wide}px" '
            f'role="img" font-family="sans-serif" font-size="12" fill="currentColor"><title>{escape(words)}</title>'
            f"<desc>One row for each thread. Tall bar: running. Low bar: runnable. Dotted line: blocked. Thin bar under a row: "
            f"has a lock. Letters below: why the processor changed hands.</desc>"
            f'<text x="2" y="14" font-weight="bold">{escape(words)}</text>'
            f"{self._axis()}{rows}{self._holds()}{self._switches(tall - 22)}{self._legend(tall)}</svg>"
        )

    def _axis(self) -> str:
        """Numbers at round steps, or at the quarters of the time."""
        end = self.view.positions()[-1]
        if self.view.axis == "steps":
            gap = next(m * 10**e for e in range(9) for m in (1, 2, 5) if m * 10**e * 8 >= end)
            marks = [(v / (end or 1.0), str(v)) for v in range(0, int(end), gap)]
        else:
            marks = [(quarter / 4, duration(end * quarter / 4)) for quarter in range(4)]
        words = [f'<text x="{self.LEFT + self.WIDE * part:.4g}" y="34">{word}</text>' for part, word in marks]
        return f'<g font-size="10" opacity=".7"><text x="2" y="34">{self.view.axis}</text>{"".join(words)}</g>'

    def _legend(self, tall: int) -> str:
        """What the shapes and the letters mean."""
        y = tall - 9
        causes = [c for c in CAUSES if any(s.cause == c for s in self.story.said)]
        letters = ", ".join(f"{LETTERS[c]} {c}" for c in causes) or "none"
        keys = [(136, "running"), (210, "runnable"), (286, "blocked"), (424, f"switch: {letters}")]
        lock = f'<path fill="none" stroke="#CC79A7" stroke-width="3" d="M338 {y}h20"/>' if self.story.holds else ""
        keys += [(362, "has a lock")] if lock else []
        return (
            f'<g font-size="10"><path fill="#0072B2" d="M112 {y - 6}h20v12h-20z"/>'
            f'<path fill="#E69F00" d="M186 {y - 3}h20v6h-20z"/>'
            f'<path fill="none" stroke="#D55E00" stroke-width="2.5" stroke-dasharray="2 3" d="M262 {y}h20"/>{lock}'
            + "".join(f'<text x="{x}" y="{y + 4}">{word}</text>' for x, word in keys)
            + "</g>"
        )

    def _row(self, i: int, cells: list[Cell]) -> str:
        """A row is at most three paths, one for each state: equal neighbours become one bar."""
        top = 42 + self.ROW * i
        bars = {RUNNING: "", RUNNABLE: "", BLOCKED: ""}
        c = 0
        while c < len(cells):
            shape = self._shape(cells[c])
            end = c + 1
            while end < len(cells) and self._shape(cells[end]) == shape:
                end += 1
            state, height = shape
            if state in bars:
                x, w = f"{self.LEFT + c * self.width:.4g}", f"{(end - c) * self.width:.4g}"
                y = {RUNNING: top + 19 - height, RUNNABLE: top + 8, BLOCKED: top + 11}[state]
                bars[state] += f"M{x} {y}h{w}" + ("" if state == BLOCKED else f"v{height}h-{w}z")
            c = end
        run, can, wait = bars[RUNNING], bars[RUNNABLE], bars[BLOCKED]
        name = f'<text x="{self.LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(_cut(self.names[i], 15))}</text>'
        return (
            name
            + (f'<path fill="#0072B2" d="{run}"/>' if run else "")
            + (f'<path fill="#E69F00" d="{can}"/>' if can else "")
            + (f'<path fill="none" stroke="#D55E00" stroke-width="2.5" stroke-dasharray="2 3" d="{wait}"/>' if wait else "")
        )

    def _shape(self, cell: Cell) -> tuple[str, int]:
        """State and height of one column: a bar as tall as the share that the thread ran."""
        character = _character(cell, exact=False)
        if character in EIGHTHS:
            return RUNNING, 2 * (EIGHTHS.index(character) + 1)
        return {"░": (RUNNABLE, 6), "─": (BLOCKED, 1)}.get(character, ("", 0))

    def _holds(self) -> str:
        at = self.view.positions()
        scale = self.WIDE / (at[-1] or 1.0)
        boxes = {
            (h.row, round(at[h.start] * scale), max(1, round((at[h.end] - at[h.start]) * scale)))
            for h in self.story.holds
            if h.row < STILL_ROWS
        }
        path = "".join(f"M{self.LEFT + x} {63 + self.ROW * row}h{w}" for row, x, w in sorted(boxes)[: SVG_CELLS // 4])
        return f'<path fill="none" stroke="#CC79A7" stroke-width="3" d="{path}"/>' if path else ""

    def _switches(self, tall: int) -> str:
        marks = [(c, m) for c, m in enumerate(self.view._letters(min(self.columns, 75)) if len(self.story) else "") if m != " "]
        wide = self.WIDE / min(self.columns, 75)
        letters = "".join(f'<text x="{self.LEFT + (c + 0.5) * wide:.4g}" y="{tall - 8}">{m}</text>' for c, m in marks)
        return (
            f'<text x="{self.LEFT - 8}" y="{tall - 8}" font-size="10" opacity=".7" text-anchor="end">switch</text>'
            f'<g font-size="10" text-anchor="middle">{letters}</g>'
        )
