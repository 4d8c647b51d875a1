"""`labkit decide`: a person's decision on a student's work that needs review. It is kept with who, when and why."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labkit.errors import LabError

if TYPE_CHECKING:
    from labkit.grading.gradebook import Row


@click.command()
@click.argument("student", required=False)
@click.argument("exercise", required=False, metavar="ID")
@click.argument("points", required=False, metavar="full|none|POINTS")
@click.option("--why", help="Read by the student, and by whoever asks later.")
@click.option("--who", help="Who decides.  [default: your user name]")
@click.option("--out", "-o", type=click.Path(file_okay=False, path_type=Path), default=Path("grades"), show_default=True)
def decide(student: str | None, exercise: str | None, points: str | None, why: str | None, who: str | None, out: Path) -> None:
    """Decide on work that needs review; without arguments: list it.

    labkit decide "Ada Lovelace" 6b full --why "She told me how it works."

    The decision holds for this work: when the student hands in another attempt at the exercise, that is judged anew.
    """
    from labkit.course.syllabus import load_course
    from labkit.grading.command import write_grades
    from labkit.grading.gradebook import Decision, Gradebook, now
    from labkit.grading.lock import only_one

    course = load_course()
    with only_one(out):
        book = Gradebook(out / "grades.sqlite", make=False)
        try:
            if student is None:
                _list(book.undecided())
                return
            if exercise is None or points is None:
                raise click.UsageError("say whose, which exercise, and how many points: labkit decide STUDENT 6b full --why …")
            if not (why or "").strip():
                raise click.UsageError('say why: --why "She told me how it works."')
            row = _row(list(book.rows()), student, exercise)
            worth = _points(points, row.result.out_of)
            book.decide(Decision(student, exercise, row.key, worth, who or getpass.getuser(), now(), str(why).strip()))
            write_grades(book, course, out)
        finally:
            book.close()
    click.echo(f"{student}, {exercise}: {worth:g} of {row.result.out_of:g} points; {out / 'grades.csv'} is written anew")


def _list(rows: list[Row]) -> None:
    if not rows:
        click.echo("nothing waits for a decision")
    for row in rows:
        reason = "; ".join(row.result.evidence) or next((check.reason for check in row.result.checks if check.reason), "")
        click.echo(f"{row.student}, {row.exercise}: earns {row.result.points:g} of {row.result.out_of:g} by itself; {reason}")


def _row(rows: list[Row], student: str, exercise: str) -> Row:
    from labkit.grading.judge import REVIEW

    theirs = [row for row in rows if row.student == student]
    if not theirs:
        raise LabError(f"no submission of {student!r} is graded: write the name as grades.csv has it")
    of_exercise = [row for row in theirs if row.exercise == exercise]
    if not of_exercise:
        raise LabError(f"{student} has no {exercise!r}; graded are {', '.join(sorted({row.exercise for row in theirs}))}")
    # Why the last that waits: of several attempts at it, that is the one that a person is asked about.
    waiting = [row for row in of_exercise if row.result.state == REVIEW]
    return (waiting or of_exercise)[-1]


def _points(text: str, out_of: float) -> float:
    if text in ("full", "none"):
        return out_of if text == "full" else 0.0
    try:
        points = round(float(text), 2)
    except ValueError:
        points = -1.0
    if not 0 <= points <= out_of:
        raise LabError(f"{text!r} is no decision: say full, none, or a number of points from 0 to {out_of:g}")
    return points
