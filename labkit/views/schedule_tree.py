"""The schedule tree: all runs of a small program, branching wherever another thread could have gone on.

Each way from the start to a leaf is one run. Failing runs are marked; a run that is chosen is shown step by step, a column
for each thread, and Python may replay it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any, ClassVar, Final

from labkit.scheduletree import Node
from labkit.views.base import AWKWARD, View, count
from labkit.views.branches import MARKS, Branch, Survey, branches
from labkit.views.deposits import two_deposits
from labkit.views.still import INK, box, clean, cut, label, still

LEAVES: Final = 60
"""Runs drawn in the live picture."""

TEXT_LINES: Final = 100
SVG_ROWS: Final = 30
FIRST_MAX_BYTES: Final = 60_000
"""A larger picture of the first run is not carried along: it comes when somebody clicks."""

PAGE_MAX_BYTES: Final = 160_000
"""What text/html may carry: a tree with longer runs shows its SVG on a static page."""

ROW_PX: Final = 28
TREE_PX: Final = (150, 380)
"""Least and greatest height of the tree; a taller one scrolls."""

STEPS_PX: Final = (96, 190)
"""The same for the steps of the chosen run."""


SHOWN: Final = ("pass", "fail", "open")
"""Kinds of boxes at which a run ends."""


class ScheduleTree(View):
    """Every run of an exploration, as a tree.

    Args:
        root: the runs; an edge is one step of a thread, see labkit.scheduletree.
        on_select: called with the schedule of a run that was chosen. A view that it returns, say
            `lambda schedule: replay(main, schedule).timeline()`, is shown under the tree; a text too.
        leaves: draw at most so many runs, failing ones first.
        title: words above the picture.

    Attributes:
        selected: the schedule that was chosen last, as text; empty before.

    >>> root = Node()
    >>> leaf = root.add([("A", "reads x", 3), ("B", "writes x", 5)], outcome="0")
    >>> leaf = root.add([("B", "writes x", 5), ("A", "reads x", 3)], failure="x is 1")
    >>> print(ScheduleTree(root).text())
    schedule tree: 2 runs, 1 fails, 1 outcome
    start
    ├─ A reads x; B writes x → ✓ 0   schedule: A B
    └─ B writes x; A reads x → ✗ x is 1   schedule: B A
    """

    name: ClassVar[str] = "schedule_tree"
    heading: ClassVar[str] = "schedule tree"

    def __init__(
        self, root: Node, on_select: Callable[[str], object] | None = None, leaves: int = LEAVES, title: str = ""
    ) -> None:
        super().__init__(title)
        if leaves < 1:
            raise ValueError(f"leaves={leaves!r}: draw at least 1 run")
        self.root = root
        self.on_select = on_select
        self.selected = ""
        self.leaves = leaves

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        return {
            "empty": partial(cls, Node()),
            "usual": lambda: cls(two_deposits()),
            "awkward": lambda: cls(two_deposits(AWKWARD), leaves=3),
        }

    @cached_property
    def survey(self) -> Survey:
        """The tree, read at the first look: runs that are added later are not drawn."""
        return Survey(self.root)

    @cached_property
    def boxes(self) -> list[Branch]:
        """What is drawn, each box after its parent."""
        return branches(self.survey, self.leaves)

    @property
    def _tree(self) -> int:
        ends = sum(not b.children for b in self.boxes)
        return min(max(TREE_PX[0], ROW_PX * ends + 28), TREE_PX[1])

    @property
    def _steps(self) -> int:
        """Room for the steps of the longest run."""
        most = 0
        length = [len(b.steps) for b in self.boxes]
        for i, b in enumerate(self.boxes):
            length[i] += length[b.parent] if b.parent >= 0 else 0
            most = max(most, length[i])
        return min(max(STEPS_PX[0], 18 * most + 24), STEPS_PX[1])

    @property
    def height(self) -> int:
        return 32 + self._tree + 44 + self._steps + 56 + 4 + (self.first[1].get("height", 0) if self.first else 0)

    @cached_property
    def first(self) -> tuple[int, dict[str, Any]] | None:
        """The run that is shown from the beginning, if possible one that fails: its box, and what on_select makes of it."""
        ends = [i for i in _order(self.boxes) if not self.boxes[i].children]
        at = next((i for i in ends if self.boxes[i].kind == "fail"), ends[0])
        if self.on_select is None or self.boxes[at].kind not in SHOWN or not self.survey.runs(self.root):
            return None
        made = self._made(at)
        return (at, made) if len(made.get("page", "")) <= FIRST_MAX_BYTES else None

    @property
    def fits_a_page(self) -> bool:
        return len(self.data()) <= PAGE_MAX_BYTES

    def describe(self) -> str:
        runs = self.survey.runs(self.root)
        if not runs:
            return "no runs"
        fails = self.boxes[0].fails
        outcomes = [outcome for failing, outcome in self.survey.results if not failing]
        parts = [count(runs, "run"), count(fails, "fails", "fail") if fails else "none fails"]
        return ", ".join([*parts, count(len(outcomes), "outcome")])

    def pack(self) -> dict[str, Any]:
        threads = list(dict.fromkeys(s.thread for b in self.boxes for s in b.steps))
        steps = {s: i for i, s in enumerate(dict.fromkeys(s for b in self.boxes for s in b.steps))}
        rows = [
            [b.parent, b.kind, [steps[s] for s in b.steps], b.runs, b.fails, b.result, b.schedule, b.same, b.words]
            for b in self.boxes
        ]
        return {
            "boxes": rows, "steps": [list(s) for s in steps], "threads": threads, "tree": self._tree, "detail": self._steps,
            "marks": MARKS, "outcomes": self.outcomes(), "row": ROW_PX, "replay": self.on_select is not None,
            "first": {"box": self.first[0], **self.first[1]} if self.first else None,
        }  # fmt: skip

    def outcomes(self) -> list[list[Any]]:
        """How often each result occurs, the most frequent first: whether it fails, the result, the number of runs."""
        return [[*result, n] for result, n in self.survey.results.most_common(6)]

    def reply(self, ask: str) -> str:
        """A leaf was chosen: remember its schedule, and show what on_select makes of it."""
        at = int(ask.partition(" ")[2])
        self.selected = self.boxes[at].schedule
        return json.dumps(self.first[1] if self.first and self.first[0] == at else self._made(at))

    def _made(self, at: int) -> dict[str, Any]:
        """What on_select makes of the run that ends in a box: a page and its height, or words."""
        if self.on_select is None:
            return {}
        try:
            made = self.on_select(self.boxes[at].schedule)
        except Exception as error:
            return {"words": f"this run could not be shown again: {type(error).__name__}: {error}"}
        if isinstance(made, View):
            return {"page": made.page(), "height": made.height + 20, "words": made.words}
        return {"words": "" if made is None else str(made)}

    def text(self) -> str:
        """The tree as branches; behind each leaf its result and its schedule."""
        lines = [self.words, *self._lines()] if self.survey.runs(self.root) else [self.words]
        hidden = len(lines) - TEXT_LINES
        lines[TEXT_LINES:] = [f"… {count(hidden, 'more line')}"] if hidden > 0 else []
        return "\n".join(cut(line.rstrip(), 140) for line in lines)

    def _lines(self) -> Iterator[str]:
        stack = [(0, "", "")]
        while stack:
            at, lead, below = stack.pop()
            b = self.boxes[at]
            end = f" → {MARKS[b.kind]} {cut(b.result, 50)}   schedule: {b.schedule}" if b.kind not in ("", "more") else ""
            times = f" (×{b.runs})" if end and b.runs > 1 else ""
            yield clean(f"{lead}{cut(b.words, 70)}{end}{times}")
            last = len(b.children) - 1
            for i, child in reversed(list(enumerate(b.children))):
                stack.append((child, below + ("└─ " if i == last else "├─ "), below + ("   " if i == last else "│  ")))

    def svg(self) -> str:
        """The tree from left to right, its results at the right edge; of many runs the first, failing ones before others."""
        boxes = self.boxes if len(self.boxes) <= 2 * SVG_ROWS else branches(self.survey, SVG_ROWS // 2)
        ends = [i for i in _order(boxes) if not boxes[i].children]
        row: dict[int, float] = {i: place for place, i in enumerate(ends)}
        for i in range(len(boxes) - 1, -1, -1):
            if boxes[i].children:
                row[i] = sum(row[c] for c in boxes[i].children) / len(boxes[i].children)
        deep = 1 + max(b.depth for b in boxes)
        wide = max(26.0, min(150.0, 520 / deep))
        body = "".join(_draw(b, wide, row[i], row.get(b.parent, 0.0), deep) for i, b in enumerate(boxes))
        total = int(wide * deep + 190)
        description = "From left to right: steps of threads. A check mark: the run passes. A cross: it fails."
        return still(total, int(44 + 24 * len(ends)), self.words, description, body if self.survey.runs(self.root) else "")


def _order(boxes: list[Branch]) -> Iterator[int]:
    stack = [0]
    while stack:
        at = stack.pop()
        yield at
        stack += reversed(boxes[at].children)


def _draw(b: Branch, wide: float, row: float, above: float, deep: int) -> str:
    """One box, the line to it, and its result."""
    x, y = 2 + wide * b.depth, 26 + 24 * row
    ink = INK["wait"] if b.kind == "fail" or b.fails == b.runs > 0 else INK["run"] if b.kind == "pass" else INK["plain"]
    parts = []
    if b.parent >= 0:
        parts.append(f'<path d="M{x - 12:.4g} {36 + 24 * above:.4g}L{x:.4g} {y + 10:.4g}" stroke="{ink}" fill="none"/>')
    parts.append(box(x, y, wide - 12, 20, f'rx="3" fill="none" stroke="{ink}" stroke-width="{2 if b.kind else 1}"'))
    parts.append(label(x + 4, y + 14, cut(clean(b.words), int(wide / 6.2) - 2), 'font-size="10"'))
    if b.kind not in ("", "more"):
        parts.append(label(2 + wide * deep, y + 14, cut(f"{MARKS[b.kind]} {clean(b.result)}", 28), 'font-weight="bold"'))
        if b.depth + 1 < deep:
            line = f"M{x + wide - 12:.4g} {y + 10:.4g}H{wide * deep - 4:.4g}"
            parts.append(f'<path d="{line}" stroke="{ink}" stroke-dasharray="2 4"/>')
    return "".join(parts)
