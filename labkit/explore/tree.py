"""All runs of an exploration as a tree, for the view schedule_tree: run once more, so that nothing had to be kept before."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from labkit.draw import draw
from labkit.errors import LabError
from labkit.explore.again import run_along
from labkit.explore.explored import Explored
from labkit.explore.failures import look
from labkit.explore.follow import FLUSHES, VERBS, student_line, words
from labkit.explore.machine import ExploreMachine
from labkit.explore.naming import student
from labkit.explore.outcome import text_of
from labkit.explore.renamed import called
from labkit.explore.session import Limits, Session
from labkit.explore.steps import Steps
from labkit.scheduletree import Node
from labkit.sync import Primitive
from labkit.tracelog import Schedule

if TYPE_CHECKING:
    from labkit.explore.verdict import Verdict

FAILING_LEAST = 10
"""Failing runs that are kept however late they come: for them the tree is looked at."""

KEPT_LEAST = 200
"""So many runs are kept at least: of them those are drawn that say most."""

TITLE_MOST = 60
"""Characters of a schedule that a title has room for."""

Label = tuple[str, str, int]


class Drawn:
    """A tree of runs as text, where there is no view to draw it."""

    def __init__(self, root: Node) -> None:
        self.root = root

    def text(self) -> str:
        """One line for each step, indented where schedules part."""
        lines = [f"schedule tree: {self.root.runs:,} runs"]
        stack = [(child, 1) for child in reversed(self.root.children)]
        while stack:
            node, depth = stack.pop()
            end = f" ✗ {node.failure}" if node.failure else f" ✓ {node.outcome}" if node.outcome else ""
            step = str(node.step) if node.thread else node.what
            lines.append("  " * depth + step + ("" if node.children else f" →{end}   {node.schedule}"))
            deeper = depth + (len(node.children) > 1)
            stack += [(child, deeper) for child in reversed(node.children)]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.text())


def drawn(verdict: Verdict, leaves: int, options: dict[str, Any]) -> Any:
    """The tree of a verdict's runs as a picture, or as text while there is no such view."""
    check_leaves(leaves)
    root = grow(verdict, max(leaves, KEPT_LEAST))
    if verdict.origin is not None and "on_select" not in options:
        options = {**options, "on_select": partial(replayed, verdict.origin)}
    try:
        return draw("schedule_tree", root, leaves=leaves, **options)
    except LookupError as error:
        if "schedule_tree" not in str(error):
            raise
        return Drawn(root)


def replayed(origin: Session, schedule: str) -> Any:
    """The timeline of one of the runs."""
    run = run_along(origin.main, Schedule.parse(schedule), origin.watch)
    return run.timeline(title=f"the run {schedule}" if len(schedule) <= TITLE_MOST else "the run")


def grow(verdict: Verdict, leaves: int = 200) -> Node:
    """The tree of a verdict's runs.

    Args:
        verdict: what explore() returned.
        leaves: runs that are kept whole; of the others only their number, at the place where they part from those.
    """
    check_leaves(leaves)
    origin = verdict.origin
    root = Node()
    if origin is None or not verdict.runs:
        return root
    tellers = telling(type(origin))
    again: Any = tellers(origin.main, Limits(verdict.runs, None, origin.limits.steps), origin.make)
    again.root, again.leaves, again.ground = root, leaves, origin.ground
    again.explore()
    return root


def check_leaves(leaves: Any) -> None:
    """Refuse what is no number of leaves.

    Raises:
        LabError: it is none.
    """
    if not isinstance(leaves, int) or isinstance(leaves, bool) or leaves < 1:
        raise LabError(f"verdict.tree(leaves={leaves!r}): give a whole number of at least 1")


def telling(kind: type[Session]) -> type[Session]:
    """The same kind of exploration, which puts every run into a tree."""
    names: dict[Any, str] = {}  # primitive → the variable it is in: looked for once, as a run takes a tenth of a millisecond

    class Teller(kind.machine_class):  # type: ignore[misc, name-defined]
        """A machine that notes its steps in words."""

        labels: list[Label]

        def execute(self, *args: Any) -> Explored:
            self.labels = []
            return super().execute(*args)  # type: ignore[no-any-return]

        def flushes(self, thread: Explored, entry: Any) -> None:
            """A write leaves its thread's store buffer."""
            self.labels.append((thread.name, f"{FLUSHES} {words(entry.what[1])}{_value(entry.what)}", entry.what[2]))

        def arrive(self, footprint: Any, what: Any, *rest: Any) -> None:
            place = names.get(footprint[0][0]) if isinstance(what[1], Primitive) else ""
            if place is None:
                place = names[footprint[0][0]] = called(what[1], student(sys._getframe(1)))
            place = place or words(what[1])
            super().arrive(footprint, what, *rest)
            line = what[2] if len(what) > 2 else student_line(sys._getframe(1))
            self.labels.append((self.current.name, f"{VERBS.get(what[0], what[0])} {place}{_value(what)}", line))

    class Growing(kind):  # type: ignore[misc, valid-type]
        """An exploration that grows a tree."""

        machine_class = Teller
        root: Node
        leaves: int
        grown = failing = 0

        def _search_all(self) -> bool:
            self.root.children.clear()
            self.root.runs = self.grown = self.failing = 0
            return super()._search_all()  # type: ignore[no-any-return]

        def _keep(self, *args: Any) -> None:
            """No failure is told again, so none needs an easy order."""

        def _judge(self, main: Explored, machine: ExploreMachine, search: Steps) -> None:
            super()._judge(main, machine, search)
            labels: list[Label] = machine.labels  # type: ignore[attr-defined]
            found = look(main, machine)
            failure = found.label if found is not None else next(iter(getattr(machine, "races", ())), "")
            self.failing += bool(failure)
            outcome = "" if failure else told(main.result)
            if self.grown < self.leaves or (failure and self.failing <= FAILING_LEAST):
                self.grown += 1
                self.root.add(labels, outcome, failure)
            else:
                more(self.root, labels, outcome, failure)

    return Growing


def more(root: Node, labels: list[Label], outcome: str, failure: str) -> None:
    """Count a run that is not kept: on its way through the tree, and in a leaf for all that part there and end so."""
    node = root
    node.runs += 1
    for label in labels:
        child = next((c for c in node.children if (c.thread, c.what, c.line) == label), None)
        if child is None:
            break
        node = child
        node.runs += 1
    rest = next((c for c in node.children if not c.thread and (c.outcome, c.failure) == (outcome, failure)), None)
    if rest is None:
        rest = Node(outcome=outcome, failure=failure, schedule=str(Schedule(thread for thread, _, _ in labels)))
        node.children.append(rest)
    rest.runs += 1
    rest.what = f"{rest.runs:,} more run{'' if rest.runs == 1 else 's'}"


def told(result: Any) -> str:
    """What a program returned, as text: equal for equal results."""
    return text_of(result)


def _value(what: Any) -> str:
    """The value that is written, if it is a short one."""
    if len(what) < 4:
        return ""
    value = what[3]
    if isinstance(value, (int, float, str, bool, type(None))) and len(repr(value)) <= 20:
        return f" {value!r}"
    return ""
