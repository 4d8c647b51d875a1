"""What is to be judged: for each exercise of a lesson, the cells that run and the checks, read from the instructor's source.

A check cell is data here: its calls of check() are taken out of it, and what they expect stays in this process. Nothing of
it but one expression at a time is ever given to a process that runs a student's code.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from labkit.course import rules
from labkit.course.build import read_cells
from labkit.course.check import CHECK_LIMIT_S
from labkit.course.rules import Cell
from labkit.course.syllabus import Course, CourseError, Exercise, Lesson
from labkit.grading.magics import words_in
from labkit.grading.names import acts, bound, bound_in, imported, used

SOLUTION, CHECK = "-solution", "-check"
ABOUT: Final = {"ctypes", "signal", "gc", "inspect"}
RUNS_C: Final = ("native.run(", "check_switch(", "qemu.boot(")
_MAGIC: Final = re.compile(r"%%\w+")


@dataclass(frozen=True)
class Check:
    """One call of check() as data.

    Attributes:
        expression: what is evaluated, with the names of the notebook.
        expected: the value it must give, of exactly the same type.
        why: the reason, told to the student.
        raises: name of the exception that it must raise instead; "" for none.
        within: how far numbers may be off; None if not at all.
        limit_s: how long it may take.
        hidden: the student has not seen it, and is never shown it.
        given: assignments of the check cell that the expression needs.
    """

    expression: str
    expected: Any
    why: str
    raises: str = ""
    within: float | None = None
    limit_s: float = CHECK_LIMIT_S
    hidden: bool = False
    given: str = ""


@dataclass(frozen=True)
class Step:
    """One cell that runs before the checks: the course's own text, or a place for a student's solution.

    Attributes:
        cell: its id.
        source: the course's text; of a solution cell, the stub.
        exercise: the exercise whose solution belongs here; "" for a cell of the course.
        defines: names that the course's own text of this cell binds.
        acts: it is the course's, and does more than bind names.
        may_raise: the cell shows an error on purpose.
        uses: names that the course's own text of this cell looks up.
        place: the how-manieth cell of code it is.
    """

    cell: str
    source: str
    exercise: str
    defines: frozenset[str]
    acts: bool = False
    may_raise: bool = False
    uses: frozenset[str] = frozenset()
    place: int = 0


@dataclass(frozen=True)
class Problem:
    """One exercise, ready to be judged: what runs, in order, and what is checked then."""

    exercise: Exercise
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    needs: tuple[str, ...]
    """"cc" or "qemu" where its cells are tagged so, "proc" where the lesson looks at /proc/self/task."""
    about: frozenset[str] = frozenset()
    """Modules of ABOUT that the course's own solution or its tools import: a student who uses them does what was asked."""
    runs_c: bool = False
    """Its cells ask for runs of C or of kernel modules."""

    spare: tuple[Step, ...] = ()
    """Cells before its checks that the course's own solution does without; a student's may use them: see suited()."""

    @property
    def stub(self) -> str:
        """The solution cell as the student gets it."""
        return next(step.source for step in self.steps if step.exercise == self.exercise.id)


def plan(course: Course, lesson: Lesson) -> list[Problem]:
    """The problems of a lesson.

    Raises:
        CourseError: the lesson has no exercises, or a check cell that is not made of calls of check().
    """
    path = course.folder(lesson) / "exercises.py"
    if not path.is_file():
        raise CourseError(f"lesson {lesson.number} has no exercises to grade: there is no {path}")
    return plan_of(read_cells(path), lesson)


def plan_of(cells: list[Cell], lesson: Lesson) -> list[Problem]:
    """The problems of a lesson that is made of these cells: the instructor's, or those of a notebook as it was handed out."""
    code = [cell for cell in cells if cell.kind == "code" and "skip-execution" not in cell.tags]
    return [_problem(code, exercise, {"proc"} & set(lesson.needs)) for exercise in lesson.exercises]


def _problem(code: list[Cell], exercise: Exercise, also: set[str]) -> Problem:
    at = next(i for i, cell in enumerate(code) if cell.id == exercise.id + CHECK)
    before = [_step(cell, place) for place, cell in enumerate(code[:at]) if "check" not in cell.tags]
    wanted = _wanted(code[: at + 1], before, exercise.id)
    tags = {tag for cell in code[: at + 1] if cell.id in wanted | {exercise.id + CHECK} for tag in cell.tags}
    needs = tuple(tag.removeprefix("needs-") for tag in sorted(tags) if tag.startswith("needs-")) + tuple(also)
    kept = tuple(step for step in before if step.cell in wanted)
    tools = {cell.id for cell in code for tag in cell.tags if tag.startswith("needs-")}
    spare = tuple(step for step in before if step.cell not in wanted | tools)
    runs_c = any(each in step.source for step in kept for each in RUNS_C)
    about = {name for cell in code[:at] if cell.id in wanted for name in imported(plain(cell.source))}
    return Problem(exercise, kept, checks_in(code[at]), needs, frozenset(about & ABOUT), runs_c, spare)


def _step(cell: Cell, place: int) -> Step:
    mine = cell.id.removesuffix(SOLUTION) if "exercise" in cell.tags else ""
    source = plain(rules.stub(cell) if mine and rules.BEGIN_SOLUTION in cell.source else cell.source)
    whole = plain(cell.source)
    defines, uses = frozenset(bound(whole)), frozenset(used(whole))
    return Step(cell.id, source, mine, defines, not mine and acts(source), "raises-exception" in cell.tags, uses, place)


def plain(source: str) -> str:
    """A cell as Python: one of C whose text a check reads is an assignment of that text; other magics are left out."""
    if not _MAGIC.match(source):
        return source
    line, _, body = source.partition("\n")
    named = re.search(r"--source[ =](\w+)", line)
    return f"{named[1]} = {body!r}\n" if named else ""


def _wanted(code: list[Cell], steps: list[Step], exercise: str) -> set[str]:
    """The cells that the exercise needs: those that bind a name it uses, and so on; cells that bind nothing may matter too.

    Why: a solution of another exercise that hangs, or is not there, should not take this one with it.
    """
    uses = {cell.id: used(plain(cell.source)) for cell in code}
    wanted = {exercise + SOLUTION}
    names = uses[exercise + SOLUTION] | {name for check in checks_in(code[-1]) for name in used(check.expression)}
    while more := [step for step in steps if step.cell not in wanted and _matters(step, names, uses[step.cell])]:
        wanted |= {step.cell for step in more}
        names |= {name for step in more for name in uses[step.cell]}
    return wanted


def suited(problem: Problem, solutions: dict[str, str]) -> Problem:
    """The problem, with the further cells that this student's solution uses: the course's tools, or helpers of a solution above.

    Args:
        problem: an exercise.
        solutions: the student's solutions, of all exercises of the lesson.
    """
    spare = {step: bound_in(solutions.get(step.exercise, "")) if step.exercise else step.defines for step in problem.spare}
    kept = {step.exercise for step in problem.steps} - {""}
    names = {name for id in kept for name in words_in(solutions.get(id, ""))}
    names -= {name for step in problem.steps for name in step.defines}
    names -= {name for id in kept for name in bound_in(solutions.get(id, ""))}
    more: set[Step] = set()
    while new := {step for step, binds in spare.items() if step not in more and (binds & names or _changes(step, more))}:
        more |= new
        names |= {name for step in new for name in (words_in(solutions.get(step.exercise, "")) if step.exercise else step.uses)}
    if not more:
        return problem
    steps = sorted((*problem.steps, *more), key=lambda step: step.place)
    return replace(problem, steps=tuple(steps), spare=tuple(step for step in problem.spare if step not in more))


def _changes(step: Step, others: set[Step]) -> bool:
    """Does this cell of the course change what one of the others binds?"""
    return step.acts and any(step.uses & each.defines for each in others)


def _matters(step: Step, names: set[str], uses: set[str]) -> bool:
    """A cell that binds a name in use, or one of the course's that changes something by a name in use: `Device.ticks = …`."""
    return bool(step.defines & names) or (step.acts and bool(uses & names))


class _Names(dict[str, Any]):
    """Names in a check cell that are the notebook's own, such as an exception's class: known here by their name only."""

    def __missing__(self, name: str) -> Any:
        import builtins

        return getattr(builtins, name) if hasattr(builtins, name) else _Named(name)


@dataclass(frozen=True)
class _Named:
    name: str


def checks_in(cell: Cell) -> tuple[Check, ...]:
    """The calls of check() in a check cell, in order."""
    found: list[Check] = []
    hidden = [i + 1 for i, line in enumerate(cell.source.splitlines()) if line.strip() in (rules.BEGIN_HIDDEN, rules.END_HIDDEN)]
    tree = ast.parse(cell.source)
    names = _Names()
    given = [(bound(text), text) for each in tree.body if isinstance(each, ast.Assign) for text in [ast.unparse(each)]]

    def check(expression: str, expected: Any = True, *, why: str, raises: Any = None, within: float | None = None,
              limit_s: float | None = None) -> None:  # fmt: skip
        where = sum(mark < names["__line__"] for mark in hidden) % 2 == 1
        name = "" if raises is None else getattr(raises, "__name__", None) or raises.name
        needs = "\n".join(text for binds, text in given if binds & used(expression))
        found.append(Check(expression, expected, why, name, within, limit_s or CHECK_LIMIT_S, where, needs))

    names["check"] = check
    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id="check"))) | ast.Assign() | ast.AugAssign():
                names["__line__"] = statement.lineno
                try:
                    exec(compile(ast.Module([statement], []), str(cell.path), "exec"), {}, names)
                except Exception as error:
                    raise cell.complaint(f"this check cannot be read as data: {ast.unparse(statement)[:80]} ({error})") from None
    if not found:
        raise cell.complaint(f"{cell.id!r} has no call of check()")
    return tuple(found)
