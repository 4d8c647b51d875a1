"""All runs of a program as a tree: every edge is one step of one thread, every leaf the end of a run.

Whoever explores a program grows the tree with add(); the view schedule_tree draws it. Nothing here recurses, because a run
may have more steps than Python has stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from labkit.tracelog import Schedule


class Step(NamedTuple):
    """One step of one thread: Step("A", "reads balance", 7)."""

    thread: str
    what: str
    """In words, without the thread's name: "reads balance"."""
    line: int = 0
    """Line of the program's source; 0 if there is none to name."""

    def __str__(self) -> str:
        return f"{self.thread} {self.what}" + (f", line {self.line}" if self.line else "")


@dataclass(eq=False, slots=True)
class Node:
    """The step that leads here, and what can happen next. The root has no step: Node().

    A leaf carries an outcome (what main returned, as text) or a failure, and the schedule that leads to it. A leaf with
    neither is a run that was not followed to its end.

    >>> root = Node()
    >>> leaf = root.add([("A", "reads x", 3), ("B", "writes x", 5)], outcome="0")
    >>> leaf = root.add([("B", "writes x", 5), ("A", "reads x", 3)], failure="AssertionError: x is 1")
    >>> root.runs, [str(child.step) for child in root.children], leaf.schedule
    (2, ['A reads x, line 3', 'B writes x, line 5'], 'B A')
    """

    thread: str = ""
    what: str = ""
    line: int = 0
    children: list[Node] = field(default_factory=list, repr=False)
    runs: int = 0
    """Runs that come through here. More than one at a leaf: runs that were merged, because they are equal to it.

    It may be more than the children have together: then the others were only counted, and are drawn as "… 212 more runs".
    """
    outcome: str = ""
    failure: str = ""
    schedule: str = ""

    @property
    def step(self) -> Step:
        """The step that leads here."""
        return Step(self.thread, self.what, self.line)

    def add(
        self, steps: Iterable[tuple[str, str, int]], outcome: str = "", failure: str = "", schedule: str = "", runs: int = 1
    ) -> Node:
        """Put a run into the tree whose root this is, and return its leaf.

        Args:
            steps: thread, words and line of each step, from the first one on.
            outcome: what the run returned, as text.
            failure: what went wrong, in one line; empty if nothing did.
            schedule: how to do it again; by default the names of the steps' threads.
            runs: how many equal runs this one stands for.
        """
        node = self
        node.runs += runs
        names: list[str] = []
        for thread, what, line in steps:
            names.append(thread)
            child = next((c for c in node.children if (c.thread, c.what, c.line) == (thread, what, line)), None)
            if child is None:
                child = Node(thread, what, line)
                node.children.append(child)
            node = child
            node.runs += runs
        node.outcome, node.failure = outcome, failure
        node.schedule = schedule or str(Schedule(names))
        return node

    def leaves(self) -> Iterator[Node]:
        """The ends of the runs, in the order of the tree."""
        stack = [self]
        while stack:
            node = stack.pop()
            if not node.children:
                yield node
            stack += reversed(node.children)
