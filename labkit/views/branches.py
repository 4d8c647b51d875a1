"""A schedule tree made small enough to be drawn: boxes, each a chain of steps without a choice.

Of many leaves some are drawn, those that fail first of all; the others stand as one box "… 212 more runs" at the place where
they branch off. Boxes after which the same things can happen carry the same number: there the order did not matter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from labkit.scheduletree import Node, Step

MARKS: Final = {"pass": "✓", "fail": "✗", "open": "?", "more": "…", "": ""}
"""kind of a box → its sign. A box with others after it has no kind."""


@dataclass(eq=False)
class Branch:
    """One box: steps that follow each other without a choice, and then either a choice or an end."""

    parent: int
    depth: int
    steps: list[Step] = field(default_factory=list)
    runs: int = 0
    fails: int = 0
    """How many of the runs through here fail."""
    kind: str = ""
    result: str = ""
    schedule: str = ""
    same: int = 0
    """Boxes with the same number > 0 go on alike."""
    children: list[int] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The steps in words: "A reads x, writes x; B reads x"; a long chain by its ends."""
        if self.kind == "more":
            return f"… {self.runs:,} more run{'s' if self.runs > 1 else ''}" + (f", {self.fails:,} fail" if self.fails else "")
        parts = []
        for thread, steps in groupby(self.steps, key=lambda s: s.thread):
            whats = [s.what for s in steps]
            many = f" ×{len(whats)}:" if len(whats) > 3 else ""
            parts.append(f"{thread}{many} " + (" … ".join((whats[0], whats[-1])) if many else ", ".join(whats)))
        return "; ".join(parts) or "start"


class Survey:
    """A tree read once: every node after its parent, and what the leaves say."""

    def __init__(self, root: Node) -> None:
        self.order: list[Node] = []
        self.parent: list[int] = []
        self.results: Counter[tuple[bool, str]] = Counter()
        """(whether it fails, what it says) → number of runs."""
        stack = [(root, -1)]
        while stack:
            node, parent = stack.pop()
            at = len(self.order)
            self.order.append(node)
            self.parent.append(parent)
            stack += [(child, at) for child in reversed(node.children)]
        self.leaves = [i for i, node in enumerate(self.order) if not node.children]
        fails, runs = [0] * len(self.order), [0] * len(self.order)
        for i in self.leaves:
            node = self.order[i]
            if node.failure or node.outcome:
                self.results[bool(node.failure), node.failure or node.outcome] += max(1, node.runs)
            runs[i] = max(1, node.runs) if i or node.failure or node.outcome else node.runs
            fails[i] = runs[i] if node.failure else 0
        for i in range(len(fails) - 1, -1, -1):
            runs[i] = max(runs[i], self.order[i].runs)
            if i:
                fails[self.parent[i]] += fails[i]
                runs[self.parent[i]] += runs[i]
        self.fails = {id(node): n for node, n in zip(self.order, fails, strict=True) if n}
        """id of a node → how many runs below it fail, where any does."""
        self._runs = {id(node): n for node, n in zip(self.order, runs, strict=True) if n != node.runs}

    def runs(self, node: Node) -> int:
        """Runs through a node: as many as it says, and at least as many as are below it."""
        return self._runs.get(id(node), node.runs)

    def ways(self, most: int) -> set[int]:
        """The nodes, by id, on the way to the leaves that are drawn: failing ones, as far as they go, then the first ones."""
        failing = [i for i in self.leaves if self.order[i].failure]
        passing = [i for i in self.leaves if not self.order[i].failure]
        wanted = failing[: max(most - len(passing), most - most // 3)]
        keep: set[int] = set()
        for i in [*wanted, *passing[: most - len(wanted)]]:
            at = i
            while at >= 0 and id(self.order[at]) not in keep:
                keep.add(id(self.order[at]))
                at = self.parent[at]
        return keep


def branches(survey: Survey, most: int) -> list[Branch]:
    """The boxes of a tree, each after its parent, with at most so many leaves."""
    root, fails, keep = survey.order[0], survey.fails, survey.ways(most)
    out = [Branch(-1, 0, [root.step] if root.thread else [])]
    stack: list[tuple[Node, int]] = [(root, 0)]
    while stack:
        node, at = stack.pop()
        box = out[at]
        while len(node.children) == 1:
            node = node.children[0]
            box.steps.append(node.step)
        box.runs, box.fails = survey.runs(node), fails.get(id(node), 0)
        if not node.children:
            box.kind = "fail" if node.failure else "pass" if node.outcome else "open"
            box.result, box.schedule = node.failure or node.outcome or "not followed to its end", node.schedule
            continue
        shown = [child for child in node.children if id(child) in keep]
        hidden = [child for child in node.children if id(child) not in keep]
        stack += reversed([(child, _below(out, at, Branch(at, box.depth + 1, [child.step]))) for child in shown])
        if runs := box.runs - sum(survey.runs(c) for c in shown):
            failed = sum(fails.get(id(c), 0) for c in hidden)
            _below(out, at, Branch(at, box.depth + 1, runs=runs, fails=failed, kind="more"))
    _compare(out)
    return out


def _below(out: list[Branch], at: int, box: Branch) -> int:
    out[at].children.append(len(out))
    out.append(box)
    return len(out) - 1


def _compare(boxes: list[Branch]) -> None:
    """Number the boxes whose continuations are equal, where there is a choice to compare."""
    futures: dict[object, int] = {}
    future: list[int] = [0] * len(boxes)
    where: dict[int, list[Branch]] = {}
    for i in range(len(boxes) - 1, -1, -1):
        box = boxes[i]
        below = tuple(sorted((tuple(boxes[c].steps), future[c]) for c in box.children))
        key: object = (below, box.kind, box.result, i if box.kind == "more" else 0)
        future[i] = futures.setdefault(key, len(futures))
        if box.children:
            where.setdefault(future[i], []).append(box)
    twins = [group for group in where.values() if len(group) > 1]
    for number, group in enumerate(reversed(twins), 1):
        for box in group:
            box.same = number
