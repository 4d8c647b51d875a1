"""The hostile submissions as data: each file of submissions/ begins with what it attacks and how it must end.

Its head is TOML in comments, up to the first empty line:

    exercise    which exercise the cell is handed in for
    tries       what it tries, in a sentence
    states      how the exercise may end; the first is the one that fits best
    share       how much of the points it earns; left out where that does not matter
    checks      numbers of the checks that are asked, or "all"
    limit_s     how long each check may take, where the course's own limit would cost too much time
    evidence    a text that must stand in the evidence
    innocent    true: careless work, of which nothing may look like tampering
    never       a text that must not come out: not in the feedback, not in the result
    open        why the attack still succeeds: the test is expected to fail, and must be mended when it does not

A line that says THE COURSE'S OWN SOLUTION is replaced by it, and «-*20000» by so many signs.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from labkit.grading.exercise import Result, Unit, Zygotes, grade, unit
from tests.labkit.grading import kit

SUBMISSIONS: Final = Path(__file__).with_name("submissions")
SOLUTION: Final = "# THE COURSE'S OWN SOLUTION"
REPEATED: Final = re.compile(r"«(.)\*(\d+)»")


@dataclass(frozen=True)
class Case:
    """One hostile submission."""

    name: str
    source: str
    exercise: str
    tries: str
    states: list[str]
    checks: list[int] | str
    share: float | None = None
    limit_s: float = 0.0
    evidence: str = ""
    innocent: bool = False
    never: str = ""
    open: str = ""

    @property
    def lesson(self) -> int:
        """Number of its lesson."""
        return int(self.exercise[:-1])

    @property
    def work(self) -> Unit:
        """What the grader is given: this cell, and of the lesson's other exercises the course's own solutions."""
        problem = kit.problems(self.lesson)[self.exercise]
        if not isinstance(self.checks, str):
            problem = replace(problem, checks=tuple(problem.checks[each] for each in self.checks))
        if self.limit_s:
            problem = replace(problem, checks=tuple(replace(each, limit_s=self.limit_s) for each in problem.checks))
        return unit(problem, kit.solutions(self.lesson) | {self.exercise: self.source})

    def graded(self, zygotes: Zygotes) -> Result:
        """What becomes of it, by the way that every submission goes."""
        return grade(self.work, zygotes)


def read(path: Path) -> Case:
    """The case in a file."""
    text = path.read_text(encoding="utf-8")
    head, _, source = text.partition("\n\n")
    facts = tomllib.loads("\n".join(line.removeprefix("# ") for line in head.splitlines()))
    own = kit.solutions(int(facts["exercise"][:-1]))[facts["exercise"]]
    source = REPEATED.sub(lambda found: found[1] * int(found[2]), source.replace(SOLUTION, own))
    return Case(path.stem, source, **facts)


def cases() -> list[Case]:
    """All of them, by name."""
    return [read(path) for path in sorted(SUBMISSIONS.glob("*.py"))]
