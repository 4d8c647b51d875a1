"""Can the grader be trusted? Every right solution and every known wrong one, judged by the very grader that judges students.

A mutant is a wrong solution that somebody might believe in; a variant is a right one, written another way. Both stand in
tests/exercises/. The mutation score of an exercise is the share of its mutants that do not get full points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from labkit.course import rules
from labkit.course.attempt import attempt
from labkit.course.build import read_cells
from labkit.course.check import CHECK_LIMIT_S
from labkit.course.syllabus import Course, Lesson
from labkit.grading import judge
from labkit.grading.exercise import Result, Unit, unit
from labkit.grading.plan import SOLUTION, Problem, plan
from labkit.native.cc import NoCompiler, find_compiler
from labkit.qemu.image import NoKernel, find_image

Execute = Callable[[list[Unit]], Iterable[tuple[Unit, Result]]]
FOLDER: Final = "tests/exercises"
MUTANTS_MIN: Final = 8
"""Of a lesson, all its exercises together."""
VARIANTS_MIN: Final = 2
"""Of an exercise."""
MUTANT_LIMIT_S: Final = 2.0
"""For one check of a mutant. A right solution needs milliseconds; many mutants never end, and time adds up."""
SOLVED, STUB, VARIANT, MUTANT = "solution", "stub", "variant", "mutant"


@dataclass(frozen=True)
class Trial:
    """One text for the solution cell of an exercise: of what kind it is, and what its author believes."""

    exercise: str
    kind: str
    name: str
    source: str
    why: str = ""


@dataclass
class Score:
    """What selfcheck found of one exercise.

    Attributes:
        exercise: its id.
        checks: how many checks it has.
        hidden: how many of them students do not see.
        mutants: how many wrong solutions were tried.
        rejected: how many of them did not get full points.
        timeouts: those of the rejected that never came to an end.
        crashes: those of the rejected that took their process with them.
        variants: how many right solutions were tried besides the course's own.
        accepted: how many of them got full points.
        skipped: why nothing was tried; "" if it was.
        wrong: what breaks a rule, each in a sentence.
        seconds: wall time in the sandbox.
    """

    exercise: str
    checks: int = 0
    hidden: int = 0
    mutants: int = 0
    rejected: int = 0
    timeouts: int = 0
    crashes: int = 0
    variants: int = 0
    accepted: int = 0
    skipped: str = ""
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def trials(course: Course, lesson: Lesson) -> list[Trial]:
    """All that is to be tried in a lesson: of each exercise its solution, its stub, its variants and its mutants."""
    found: list[Trial] = []
    for cell in read_cells(course.folder(lesson) / "exercises.py"):
        if "exercise" not in cell.tags:
            continue
        id = cell.id.removesuffix(SOLUTION)
        found.append(Trial(id, SOLVED, "the course's own", cell.source))
        # Why the comment: a stub that nobody touched is told by its text; one that somebody touched has to be run.
        found.append(Trial(id, STUB, "the untouched cell", rules.stub(cell) + "\n# I shall write this tomorrow\n"))
        for kind in (VARIANT, MUTANT):
            path = course.root / FOLDER / f"{kind}s" / f"{lesson.number:02d}" / f"{id}.py"
            written = read_cells(path) if path.is_file() else []
            found += [Trial(id, kind, each.id, each.source, str(each.extra.get("why", ""))) for each in written]
    return found


def hurried(problem: Problem) -> Problem:
    """The problem with a shorter limit for each check: for mutants."""
    short = {CHECK_LIMIT_S: MUTANT_LIMIT_S}
    return replace(problem, checks=tuple(replace(each, limit_s=short.get(each.limit_s, each.limit_s)) for each in problem.checks))


def skipped(problem: Problem) -> str:
    """Why a problem cannot be judged on this machine; "" if it can."""
    if "cc" in problem.needs and not _have(find_compiler, NoCompiler):
        return "no C compiler: apt install gcc libc6-dev"
    if "qemu" in problem.needs and not _have(find_image, NoKernel):
        return "no real kernel: labkit kernel setup"
    return ""


def _have(find: Callable[[], object], missing: type[Exception]) -> bool:
    try:
        return bool(find())
    except missing:
        return False


def selfcheck(
    course: Course,
    lesson: Lesson,
    execute: Execute,
    only: Iterable[str] = (),
    lacks: Callable[[Problem], str] = skipped,
    done: Callable[[Trial, Result], None] = lambda trial, result: None,
) -> list[Score]:
    """Try everything of a lesson, and score each exercise.

    Args:
        course: the course.
        lesson: one of its lessons.
        execute: does the work, such as session.local(2).
        only: ids of exercises; all of the lesson if none is given.
        lacks: says why a problem cannot be judged here; "" if it can.
        done: is told each result as it comes.
    """
    problems = {each.exercise.id: each for each in plan(course, lesson) if not only or each.exercise.id in set(only)}
    every = trials(course, lesson)
    solutions = {trial.exercise: trial.source for trial in every if trial.kind == SOLVED}
    tried = [trial for trial in every if trial.exercise in problems]
    short = {id: hurried(each) for id, each in problems.items()}
    scores = {id: Score(id, len(each.checks), sum(check.hidden for check in each.checks), skipped=lacks(each))
              for id, each in problems.items()}  # fmt: skip
    work: dict[str, tuple[Unit, list[Trial]]] = {}
    for trial in tried:
        if not scores[trial.exercise].skipped:
            problem = short[trial.exercise] if trial.kind == MUTANT else problems[trial.exercise]
            one = unit(problem, solutions | {trial.exercise: trial.source})
            work.setdefault(one.key, (one, []))[1].append(trial)
    results: dict[Trial, Result] = {}
    for one, result in execute([one for one, _ in work.values()]):
        for trial in work[one.key][1]:
            results[trial] = result
            done(trial, result)
    for trial in tried:  # Why not as they come: what is printed should be the same every time
        if trial in results:
            enter(scores[trial.exercise], trial, results[trial])
    for score in scores.values():
        _explain(score, course, lesson, [trial for trial in tried if trial.exercise == score.exercise])
    _count(list(scores.values()), lesson, [trial for trial in tried if trial.kind == MUTANT], bool(only))
    return list(scores.values())


def enter(score: Score, trial: Trial, result: Result) -> None:
    """Count one result, and say what is wrong with it if something is."""
    full = result.points == result.out_of
    score.seconds += result.seconds
    match trial.kind:
        case "mutant":
            score.mutants += 1
            score.rejected += not full
            score.timeouts += result.state == judge.TIMEOUT
            score.crashes += result.state in (judge.CRASHED, judge.MEMORY, judge.OUTPUT)
            if full:
                score.wrong.append(f"mutant {trial.name} gets full points ({trial.why})")
            elif not any(check.expression or check.hidden for check in result.checks):
                score.wrong.append(f"mutant {trial.name} never came to a check: {result.checks[0].reason}")
        case "stub":
            if result.state != judge.NOT_ATTEMPTED or result.exercise != trial.exercise:
                score.wrong.append(f"its stub ends as {result.state}, not as {judge.NOT_ATTEMPTED}")
            elif result.points:
                score.wrong.append(f"its stub gets {result.points:g} points: a check passes without the solution")
        case _:
            score.variants += trial.kind == VARIANT
            score.accepted += full and trial.kind == VARIANT
            if not full:
                name = "its own solution" if trial.kind == SOLVED else f"variant {trial.name}"
                score.wrong.append(f"{name} is rejected: {result.state}, {_first_reason(result)}")
    if result.evidence and trial.kind != "mutant":  # what is wrong may look odd, too; what is right must not
        score.wrong.append(f"{trial.kind} {trial.name} looks like tampering: {result.evidence[0]}")


def _first_reason(result: Result) -> str:
    """The first check that did not pass, and why."""
    for place, check in enumerate(result.checks, 1):
        if check.state != judge.PASSED:
            return f"check {place} ({check.expression or 'hidden'}): {check.got or check.reason}"
    return "no check failed"


def _explain(score: Score, course: Course, lesson: Lesson, tried: list[Trial]) -> None:
    """Where the grader rejects the solution, see whether the notebook does: there one check runs after the other."""
    own = next((trial for trial in tried if trial.kind == SOLVED), None)
    said = next((line for line in score.wrong if line.startswith("its own solution is rejected")), "")
    if own and said and attempt(course.folder(lesson) / "exercises.py", own.exercise, own.source).passed:
        why = "the sandbox forbids it" if judge.BLOCKED in said else "each alone they do not: their order matters"
        score.wrong.append(f"in the notebook, one after the other, its checks pass; {why}")


def _count(scores: list[Score], lesson: Lesson, mutants: list[Trial], part: bool) -> None:
    """The course's rule on numbers."""
    for score in scores:
        if not score.skipped and score.variants < VARIANTS_MIN:
            score.wrong.append(f"it has {score.variants} variants, fewer than {VARIANTS_MIN}")
        if not any(trial.exercise == score.exercise for trial in mutants):
            score.wrong.append("it has no mutant")
    if scores and not part and len(mutants) < MUTANTS_MIN:
        scores[-1].wrong.append(f"lesson {lesson.number} has {len(mutants)} mutants, fewer than {MUTANTS_MIN}")
