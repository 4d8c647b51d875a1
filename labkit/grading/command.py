"""`labkit grade`: a folder of submissions in, a gradebook out."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER|ZIP|NOTEBOOK...")
@click.option("--out", "-o", type=click.Path(file_okay=False, path_type=Path), default=Path("grades"), show_default=True)
@click.option("--lesson", type=int, default=0, help="Grade this lesson only.  [default: by each file's name or cells]")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes at once.  [default: one for each core]")
@click.option("--unsafe", is_flag=True, help="Grade although this machine cannot confine a student's code.")
def grade(submissions: tuple[Path, ...], out: Path, lesson: int, jobs: int | None, unsafe: bool) -> None:
    """Grade notebooks: grades.csv and grades.sqlite in OUT, with the reason for every point.

    What is done is kept: interrupt whenever you like, and the same command goes on from there.
    """
    from rich.console import Console

    from labkit.course.syllabus import load_course
    from labkit.errors import LabError
    from labkit.grading import confine, feedback, report, session, submission, tables
    from labkit.grading.gradebook import Gradebook

    if (lacks := confine.missing()) and not unsafe:
        raise LabError(
            "this machine cannot confine a student's code:\n  " + "\n  ".join(lacks) + "\n--unsafe grades all the same"
        )
    course = load_course()
    if lesson:
        course.lesson(lesson)
    console = Console()
    book = Gradebook(out / "grades.sqlite")
    try:
        found = submission.collect(list(submissions))
        entered = session.enter(course, found, book, lesson)
        _tell(console, entered)
        try:
            _carry_out(console, book, entered, jobs or len(os.sched_getaffinity(0)))
        except KeyboardInterrupt:
            raise LabError(f"stopped; what is done is kept in {out}, and the same command goes on from there") from None
        all_grades = tables.grades(book)
        tables.write_csv(out / "grades.csv", all_grades)
        feedback.write_feedback(out / "feedback", course, all_grades)
        report.write_report(out / "report.html", course, all_grades)
        _sum_up(console, all_grades, out)
    finally:
        book.close()


def _tell(console: Any, entered: Any) -> None:
    files = f"{entered.files:,} notebook{'s' if entered.files != 1 else ''}"
    bad = f", {entered.unreadable} of them unreadable" if entered.unreadable else ""
    done = entered.exercises - len(entered.todo)
    console.print(
        f"{files}{bad}: {entered.exercises:,} exercises, {done:,} of them known already or the same as another",
        highlight=False,
        soft_wrap=True,
    )


def _carry_out(console: Any, book: Any, entered: Any, processes: int) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from labkit.grading import session

    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        problem = bar.add_task("", total=len(entered.todo))
        session.carry_out(book, entered.todo, session.local(processes), lambda work, result: bar.advance(problem))


def _sum_up(console: Any, found: list[Any], out: Path) -> None:
    from rich.table import Table

    states = Counter(row.result.state for grade in found for row in grade.rows)
    table = Table("exercises", "state", box=None)
    for state, count in states.most_common():
        table.add_row(f"{count:,}", state)
    console.print(table)
    if flagged := sorted({grade.student for grade in found for row in grade.rows if row.result.evidence}):
        console.print(f"to look at yourself: {', '.join(flagged[:10])}{' …' if len(flagged) > 10 else ''}", highlight=False)
    if unreadable := [grade for grade in found if grade.file.trouble]:
        for grade in unreadable[:10]:
            console.print(f"{grade.student}: {grade.file.trouble}", highlight=False, soft_wrap=True)
    console.print(
        f"wrote {out / 'grades.csv'} and a page for each student in {out / 'feedback'}", highlight=False, soft_wrap=True
    )
