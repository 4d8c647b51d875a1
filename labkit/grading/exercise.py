"""One exercise of one student: all its checks, the points, and what to tell. The unit of work, wherever it runs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from labkit.grading import judge
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check, Problem
from labkit.grading.workers import Zygotes

FORMAT: Final = 1
"""Of what is kept of a result: another number grades everything anew."""
TIMEOUTS_MOST: Final = 2
"""After so many checks that ran out of time the rest of the exercise is not tried."""
GRAVEST: Final = (
    judge.NOT_GRADED, judge.REVIEW, judge.CRASHED, judge.MEMORY, judge.OUTPUT, judge.BLOCKED, judge.TIMEOUT, judge.DEADLOCK,
    judge.FAILED,
)  # fmt: skip


@dataclass(frozen=True)
class CheckResult:
    """One check as it is kept and told. Of a hidden one there is neither expression nor value."""

    state: str
    hidden: bool
    reason: str
    expression: str = ""
    got: str = ""
    expected: str = ""
    explanation: str = ""
    schedule: str = ""
    mistake: str = ""
    trace: Any = None


@dataclass(frozen=True)
class Result:
    """What became of an exercise.

    Attributes:
        exercise: its id.
        state: one of judge.STATES: the gravest of its checks, or passed.
        points: what it earned.
        out_of: what it could earn.
        checks: each check.
        evidence: what looked like tampering.
        seconds: wall time.
        output: what it printed first.
        earns: points if a person decides that what needs review is all right.
    """

    exercise: str
    state: str
    points: float
    out_of: float
    checks: tuple[CheckResult, ...] = ()
    evidence: tuple[str, ...] = ()
    seconds: float = 0.0
    output: str = ""
    earns: float = 0.0

    def packed(self) -> str:
        """As text, for the gradebook."""
        return json.dumps(asdict(self))

    @staticmethod
    def unpacked(text: str) -> Result:
        """From packed()."""
        data = json.loads(text)
        checks = tuple(CheckResult(**each) for each in data.pop("checks"))
        return Result(**(data | {"checks": checks, "evidence": tuple(data["evidence"])}))


@dataclass(frozen=True)
class Unit:
    """Work for one process: an exercise, and the solutions that it needs."""

    problem: Problem
    solutions: dict[str, str] = field(hash=False)

    @property
    def key(self) -> str:
        """The same work has the same key: the course's cells and checks, the student's, and the format of the result."""
        problem = self.problem
        steps = [(step.cell, step.source, sorted(step.defines)) for step in problem.steps]
        facts = [FORMAT, repr(problem.exercise), steps, list(map(repr, problem.checks)), sorted(self.solutions.items())]
        return hashlib.sha256(json.dumps(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unit(problem: Problem, solutions: dict[str, str]) -> Unit:
    """The work of an exercise: of the student's solutions, only those that it uses."""
    wanted = {step.exercise for step in problem.steps if step.exercise}
    return Unit(problem, {id: text for id, text in solutions.items() if id in wanted})


def grade(work: Unit, zygote: Zygotes) -> Result:
    """Check by check, each in a process of its own."""
    problem = work.problem
    own = work.solutions.get(problem.exercise.id)
    if own is None or own.strip() == problem.stub.strip():
        nothing = Outcome(judge.NOT_ATTEMPTED, "this exercise is not written yet")
        return _result(problem, [nothing] * len(problem.checks))
    outcomes: list[Outcome] = []
    for check in problem.checks:
        outcomes.append(_early(outcomes) or zygote.check(problem, work.solutions, check))
    return _result(problem, outcomes)


def _early(outcomes: list[Outcome]) -> Outcome | None:
    """The outcome that the next check will have too: its cells fail before there is something to check, or time is up."""
    if not outcomes:
        return None
    last = outcomes[-1]
    if not last.began or last.state == judge.NOT_ATTEMPTED:
        return replace(last, seconds=0.0, evidence=[])
    if sum(each.state == judge.TIMEOUT for each in outcomes) >= TIMEOUTS_MOST:
        return Outcome(judge.TIMEOUT, "not tried: the checks before it ran out of time")
    return None


def _result(problem: Problem, outcomes: list[Outcome]) -> Result:
    states = Counter(each.state for each in outcomes)
    whole = len(outcomes)
    state = next((each for each in GRAVEST if states[each]), judge.PASSED)
    if states[judge.NOT_ATTEMPTED] and not states[judge.PASSED]:
        state = judge.NOT_ATTEMPTED
    share, perhaps = states[judge.PASSED] / whole, (states[judge.PASSED] + states[judge.REVIEW]) / whole
    worth = problem.exercise.points
    checks = tuple(_told(check, outcome) for check, outcome in zip(problem.checks, outcomes, strict=True))
    evidence = tuple(dict.fromkeys(each for outcome in outcomes for each in outcome.evidence))
    output = next((each.output for each in outcomes if each.output), "")
    seconds = sum(each.seconds for each in outcomes)
    return Result(
        problem.exercise.id,
        state,
        round(worth * share, 2),
        worth,
        checks,
        evidence,
        round(seconds, 3),
        output,
        round(worth * perhaps, 2),
    )


def _told(check: Check, outcome: Outcome) -> CheckResult:
    reason = "" if outcome.state == judge.PASSED else outcome.reason
    found = CheckResult(
        outcome.state, check.hidden, reason, explanation=outcome.explanation, schedule=outcome.schedule, mistake=outcome.mistake,
        trace=outcome.trace,
    )  # fmt: skip
    if check.hidden:
        return found
    expected = f"raises {check.raises}" if check.raises else repr(check.expected)
    return replace(found, expression=check.expression, got=outcome.got, expected=expected)
