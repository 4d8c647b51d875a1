"""What explore() and the oracle say of the same program, brought to one form."""

from __future__ import annotations

import linecache
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

from labkit.explore.verdict import Verdict
from tests.explore.oracle import Answer

STUCK = ("deadlock", "lost_wakeup")
_numbers = count()


class Said(NamedTuple):
    """How many different schedules there are, and how they end."""

    traces: int
    values: Counter[Any]
    """What main returned → in how many."""
    stuck: int
    raised: int


def said_by(verdict: Verdict) -> Said:
    """What labkit says."""
    failed = Counter(dict.fromkeys((*STUCK, "other"), 0))
    for failure in verdict.failures:
        failed[failure.kind if failure.kind in STUCK else "other"] += failure.runs
    values = Counter({value: n for value, n in verdict.outcomes.items() if not isinstance(value, str)})
    return Said(verdict.runs, values, sum(failed[kind] for kind in STUCK), failed["other"])


def told_by(answer: Answer) -> Said:
    """What the oracle says."""
    of: dict[str, Counter[Any]] = {"value": Counter(), "deadlock": Counter(), "error": Counter()}
    for (kind, what), n in answer.outcomes.items():
        of[kind][what] += n
    return Said(answer.traces, of["value"], of["deadlock"].total(), of["error"].total())


@contextmanager
def imported(source: str) -> Iterator[Callable[[], Any]]:
    """The main() of a module written as text; its source can be looked up, as that of a notebook's cell can."""
    name = f"<program {next(_numbers)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    module: dict[str, Any] = {"__name__": name}
    exec(compile(source, name, "exec"), module)
    try:
        yield module["main"]
    finally:
        del linecache.cache[name]
