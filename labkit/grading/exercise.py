"""One exercise of one student: all its checks, the points, and what to tell. The unit of work, wherever it runs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from labkit.errors import LabError
from labkit.grading import judge
from labkit.grading.hidden import unseen, unspoiled
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check, Problem, suited
from labkit.grading.reading import doubted
from labkit.grading.workers import Zygotes

FORMAT: Final = 2
"""Of what is kept of a result: another number grades everything anew."""
TIMEOUTS_MOST: Final = 2
"""After so many checks that ran out of time the rest of the exercise is not tried."""
GRAVEST: Final = (
    judge.NOT_GRADED, judge.REVIEW, judge.CRASHED, judge.MEMORY, judge.OUTPUT, judge.BLOCKED, judge.TIMEOUT, judge.DEADLOCK,
    judge.FAILED, judge.NOT_ATTEMPTED,
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
    why: str = ""
    """The course's own reason, of whatever state."""


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
        decided: a person's decision as a sentence, which `points` follow; "" if there is none.
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
    decided: str = ""

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
    """Work for one process: an exercise, and the solutions that it needs.

    Attributes:
        problem: the exercise.
        solutions: exercise id → the student's text, of those that it uses.
        key: the same work has the same key, on every machine: see unit().
    """

    problem: Problem
    solutions: dict[str, str] = field(hash=False)
    key: str = ""


def unit(problem: Problem, solutions: dict[str, str]) -> Unit:
    """The work of an exercise: of the student's solutions, only those that it uses.

    Its key is made of all that decides the result: the course's cells and checks, the student's, and the format of the result.
    A title or a hint decides nothing.
    """
    problem = suited(problem, solutions)
    wanted = {step.exercise for step in problem.steps if step.exercise}
    mine = {id: text for id, text in solutions.items() if id in wanted}
    facts = json.dumps([_asked(problem), sorted(mine.items())])
    return Unit(problem, mine, _digest(facts))


_ASKED: dict[tuple[int, tuple[str, ...]], tuple[Problem, str]] = {}
"""(id of its checks, ids of its cells) → a problem, and the digest of what it asks: a class of thousands has few problems."""


def _asked(problem: Problem) -> str:
    place = id(problem.checks), tuple(step.cell for step in problem.steps)
    known = _ASKED.get(place)
    if known is None or not _same(known[0], problem):
        steps = [(step.cell, step.source, sorted(step.defines), step.may_raise) for step in problem.steps]
        checks = [[steady(value) for value in vars(check).values()] for check in problem.checks]
        worth = [problem.exercise.id, problem.exercise.points, problem.needs, sorted(problem.about)]
        known = _ASKED[place] = problem, _digest(json.dumps([FORMAT, worth, steps, checks]))
    return known[1]


def _same(one: Problem, other: Problem) -> bool:
    """Whether two problems ask the same. Quick where they are made of the same pieces, as all of one plan are."""
    return one.checks is other.checks and one.steps == other.steps and one.exercise == other.exercise


def _digest(facts: str) -> str:
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def steady(value: Any) -> str:
    """A value as text that is the same in every process: repr() shows a set in an order that each process draws anew.

    >>> steady([{"b", "a"}, 1.5])
    "list(set('a','b'),1.5)"
    """
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}({','.join(sorted(map(steady, value)))})"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join(map(steady, value))})"
    if isinstance(value, dict):
        return f"dict({','.join(f'{steady(key)}:{steady(each)}' for key, each in value.items())})"
    return repr(value)


def share(worth: float, part: int, whole: int) -> float:
    """Points for a part of the checks, to a hundredth: half of one rounds up, but never up to the whole, nor down to nothing.

    >>> share(5, 2, 3), share(1, 1, 8), share(1, 299, 300), share(1, 1, 300)
    (3.33, 0.13, 0.99, 0.01)
    """
    hundredths = round(worth * 100)
    if part in (0, whole):
        return float(worth) if part else 0.0
    rounded = int(Fraction(hundredths * part, whole) + Fraction(1, 2))
    return max(1, min(rounded, hundredths - 1)) / 100


def grade(work: Unit, zygote: Zygotes) -> Result:
    """All checks in one process; then whatever that leaves open, each in a process of its own."""
    problem = work.problem
    own = work.solutions.get(problem.exercise.id)
    if own is None or own.strip() == problem.stub.strip():
        nothing = Outcome(judge.NOT_ATTEMPTED, "this exercise is not written yet")
        return _result(problem, [nothing] * len(problem.checks))
    settled = unspoiled(problem.checks, zygote.together(problem, work.solutions))
    outcomes: list[Outcome] = []
    for i, check in enumerate(problem.checks):
        outcome = settled.get(i) or _early(outcomes) or _judged(zygote, work, check)
        outcomes.append(unseen(check, outcome))
    return _result(problem, doubted(outcomes, problem, own))


def broken(work: Unit, evidence: str = "") -> Result:
    """What is kept where the grader itself failed: not a zero without a reason, but something for a person to decide."""
    return _result(work.problem, [_broke(evidence)] * len(work.problem.checks))


def _broke(evidence: str) -> Outcome:
    return Outcome(judge.REVIEW, judge.BROKE, evidence=[evidence] if evidence else [], began=False)


def _judged(zygote: Zygotes, work: Unit, check: Check) -> Outcome:
    """One bad submission never stops the others, even if it ends the grader's own process."""
    try:
        return zygote.check(work.problem, work.solutions, check)
    except LabError as error:
        return _broke(str(error))


def _early(outcomes: list[Outcome]) -> Outcome | None:
    """The outcome that the next check will have too: its cells fail before there is something to check, or time is up."""
    if not outcomes:
        return None
    last = outcomes[-1]
    if not last.began:
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
    passed, perhaps = states[judge.PASSED], states[judge.PASSED] + states[judge.REVIEW]
    worth = problem.exercise.points
    checks = tuple(_told(check, outcome) for check, outcome in zip(problem.checks, outcomes, strict=True))
    evidence = tuple(dict.fromkeys(each for outcome in outcomes for each in outcome.evidence))
    output = next((each.output for each in outcomes if each.output), "")
    seconds = sum(each.seconds for each in outcomes)
    return Result(
        problem.exercise.id,
        state,
        share(worth, passed, whole),
        worth,
        checks,
        evidence,
        round(seconds, 3),
        output,
        share(worth, perhaps, whole),
    )


def _told(check: Check, outcome: Outcome) -> CheckResult:
    reason = "" if outcome.state == judge.PASSED else outcome.reason
    found = CheckResult(
        outcome.state, check.hidden, reason, explanation=outcome.explanation, schedule=outcome.schedule, mistake=outcome.mistake,
        trace=outcome.trace, why=check.why,
    )  # fmt: skip
    if check.hidden:
        return found
    expected = f"raises {check.raises}" if check.raises else repr(check.expected)
    return replace(found, expression=check.expression, got=outcome.got, expected=expected)
