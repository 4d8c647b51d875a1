"""`labkit validate`: a student's own check of a notebook, with the checks that can be seen, judged as the grader judges."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from labkit.errors import LabError

if TYPE_CHECKING:
    from labkit.course.syllabus import Course
    from labkit.grading.exercise import CheckResult, Result
    from labkit.grading.ownnotebook import Own
    from labkit.grading.plan import Problem

TOLD_MOST: Final = 3
"""Failing checks of one exercise that are told at length."""
WORK: Final = ("", "exercises", "work/exercises")


@click.command()
@click.argument("notebook", metavar="NOTEBOOK|NN")
@click.option("--plain", is_flag=True, help="Without the grader's sandbox: it is your own code.")
def validate(notebook: str, plain: bool) -> None:
    """Check your own exercises before you hand them in: NOTEBOOK is a file, NN a lesson in the work folder.

    Only checks that you can see are run; the grader has more. Exit code 0: all of them pass.
    """
    from rich.console import Console

    from labkit.course.syllabus import CourseError, load_course
    from labkit.grading.ownnotebook import read_own

    try:
        course = load_course()
    except CourseError:
        course = None  # the notebook alone will do
    path = find_notebook(notebook, course)
    console = Console(highlight=False, soft_wrap=True)
    try:
        own = read_own(path, course)
    except LabError as error:
        raise LabError(f"{path}: {error}") from None
    saved = datetime.fromtimestamp(path.stat().st_mtime)
    console.print(f"{path}, as it was saved on {saved:%Y-%m-%d at %H:%M:%S}", markup=False)
    with judging(console, plain) as judge:
        results = []
        for problem in own.problems:
            with console.status(f"{problem.exercise.id} …") if console.is_terminal else nullcontext():
                results.append(judge(problem, own.solutions))
    sys.exit(0 if tell(console, own, results) else 1)


def find_notebook(named: str, course: Course | None) -> Path:
    """The notebook that is meant: a file, a file named by its number only, or a lesson's in the work folder.

    Raises:
        LabError: there is none; the text says where it was looked for.
    """
    path = Path(named)
    if path.is_file():
        return path
    if path.is_dir():
        raise LabError(f"{path} is a folder: name a notebook in it, such as {path / '06_races.ipynb'}")
    number = re.fullmatch(r"0*(\d{1,2})", path.stem)
    if number is None:
        raise LabError(f"{path} is not there: name a notebook, or the number of its lesson")
    roots = [Path.cwd(), *([course.root] if course else [])]
    folders = [path.parent] if path.suffix else [root / each for root in roots for each in WORK]
    for folder in folders:
        if found := sorted(each for each in folder.glob(f"{int(number[1]):02d}_*.ipynb") if _is_own(each, course)):
            return found[0]
    raise LabError(
        f"lesson {int(number[1])} has no notebook in {', '.join(str(each) for each in dict.fromkeys(folders))}: name its file"
    )


def _is_own(path: Path, course: Course | None) -> bool:
    """Not what the course itself hands out, nor a newer version that lies beside a student's."""
    return not (".new" in path.suffixes or (course and path.resolve().parent == (course.root / "exercises").resolve()))


@contextmanager
def judging(console: Any, plain: bool) -> Iterator[Callable[[Problem, dict[str, str]], Result]]:
    """What judges a problem: in the grader's sandbox where this machine has one, else in a child process."""
    from labkit.grading import confine
    from labkit.grading.exercise import grade, unit

    runner: Any
    if plain or confine.missing():
        from labkit.grading.ownprocess import OwnProcess

        runner = OwnProcess()
        why = "as you wish" if plain else "this machine has no sandbox"
        console.print(f"({why}: your code runs in a plain child process, with all that you may do)", style="dim")
    else:
        from labkit.grading.workers import Zygotes

        runner = Zygotes()
    try:
        yield lambda problem, solutions: grade(unit(problem, solutions), runner)
    finally:
        runner.close()


def tell(console: Any, own: Own, results: list[Result]) -> bool:
    """Say how it went; whether all that can be seen passes."""
    from rich.table import Table

    from labkit.grading.judge import PASSED

    table = Table("exercise", "", "state", "visible checks", box=None, pad_edge=False)
    titles = {each.id: each.title for each in own.lesson.exercises}
    for result in results:
        passed = sum(check.state == PASSED for check in result.checks)
        table.add_row(result.exercise, titles.get(result.exercise, ""), _state(result.state), f"{passed} of {len(result.checks)}")
    console.print(table)
    for result in results:
        _tell_exercise(console, result, bool(own.lesson.exercise(result.exercise).hints))
    for id, texts in own.remarks.items():
        for text in texts:
            console.print(f"{f'{id}: ' if id else ''}{_plain(text)}", markup=False)
    if not own.beside:
        console.print("The course is not on this machine: your own copy of the check cells was run.", style="dim")
    return _sum_up(console, own, results)


def _tell_exercise(console: Any, result: Result, hints: bool) -> None:
    from labkit.grading.judge import NOT_ATTEMPTED, PASSED

    if result.state in (PASSED, NOT_ATTEMPTED):
        return
    console.print()
    failing = [check for check in result.checks if check.state != PASSED]
    told: set[str] = set()
    for check in failing[:TOLD_MOST]:
        _tell_check(console, result.exercise, check, told)
    if len(failing) > TOLD_MOST:
        console.print(f"  and {len(failing) - TOLD_MOST} more checks of {result.exercise} do not pass")
    for each in result.evidence[:3]:
        console.print(f"  a person would look at this: {_plain(each)}", markup=False)
    if hints:
        console.print(f"  in the notebook: hint({result.exercise!r})", markup=False, style="dim")


def _tell_check(console: Any, exercise: str, check: CheckResult, told: set[str]) -> None:
    """One check; what was told of the one before it is not said again."""
    from rich.text import Text

    from labkit.grading.abstractions import behind
    from labkit.grading.judge import DEADLOCK

    console.print(Text.assemble((f"{exercise} ", "bold"), _state(check.state), f"  {_plain(check.expression)}"))
    if check.reason:
        console.print(f"  why: {_plain(check.reason, 1000)}", markup=False)
    if check.explanation:
        lines = [line for line in check.explanation.splitlines() if line not in told]
        for line in lines[:30]:
            console.print(f"    {_plain(line)}", markup=False)
    elif check.got and check.state != DEADLOCK:
        console.print(f"  came back: {_plain(check.got)}\n  expected:  {_plain(check.expected)}", markup=False)
    idea = behind(check.mistake, exercise, check.why)
    if idea and idea.name not in told:
        console.print(f"  behind it may be the idea that {idea.idea}; but {idea.instead}.", markup=False, style="italic")
    told |= {*check.explanation.splitlines(), idea.name if idea else ""}


def _sum_up(console: Any, own: Own, results: list[Result]) -> bool:
    from labkit.grading.feedback import lacking
    from labkit.grading.judge import NOT_ATTEMPTED, PASSED

    missing = [each.id for each in own.lesson.exercises if each.id not in own.solutions]
    needs = {each.exercise: lacking(each) for each in results if each.state == NOT_ATTEMPTED and each.exercise not in missing}
    unwritten = [id for id, other in needs.items() if not other]
    passes = len(results) == len(own.lesson.exercises) and all(each.state == PASSED for each in results)
    console.print()
    if missing:
        console.print(f"These cells are missing: {', '.join(f'{id}-solution' for id in missing)}")
    if unwritten:
        console.print(f"Not written yet: {', '.join(unwritten)}")
    for id, other in needs.items():
        if other:
            console.print(f"{id} uses {other}, which is not written yet")
    if passes:
        console.print("The notebook looks fine: all checks that you can see pass. The grader has others, too.", style="bold")
    elif not missing and not needs:
        console.print("All cells are there; not all checks pass.")
    return passes


def _state(state: str) -> Any:
    from rich.text import Text

    from labkit.grading.judge import FAILED, NOT_ATTEMPTED, PASSED
    from labkit.grading.meanings import MARKS

    style = {PASSED: "green", FAILED: "red", NOT_ATTEMPTED: "dim"}.get(state, "yellow")
    return Text(f"{MARKS.get(state, '?')} {state}", style=style)


def _plain(text: str, most: int = 400) -> str:
    from labkit.grading.page import plain

    return plain(text, most)
