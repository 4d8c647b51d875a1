"""`labkit grade`: a folder of submissions in, a gradebook out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labkit.errors import LabError

if TYPE_CHECKING:
    from labkit.course.syllabus import Course
    from labkit.grading.gradebook import Gradebook
    from labkit.grading.session import Executor
    from labkit.grading.tables import Grade

INTERRUPTED = 130
"""What a shell makes of Ctrl-C."""


@click.command()
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER|ZIP|NOTEBOOK...")
@click.option("--out", "-o", type=click.Path(file_okay=False, path_type=Path), default=Path("grades"), show_default=True)
@click.option("--lesson", type=int, default=0, help="Grade this lesson only.  [default: by each file's name or cells]")
@click.option(
    "--roster", type=click.Path(path_type=Path), metavar="CSV", help="Who is in the class: tells who handed in nothing."
)
@click.option("--regrade", multiple=True, metavar="ID|STUDENT", help="Grade this exercise or student anew. May be repeated.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes at once.  [default: one for each core]")
@click.option(
    "--executor", type=click.Choice(["local", "dask"]), default="local", show_default=True, help="Where the work is done."
)
@click.option("--scheduler", "address", metavar="tcp://HOST:PORT", help="The Dask cluster's address.")
@click.option("--unsafe", is_flag=True, help="Grade although this machine cannot confine a student's code.")
def grade(
    submissions: tuple[Path, ...], out: Path, lesson: int, roster: Path | None, regrade: tuple[str, ...], jobs: int | None,
    executor: str, address: str | None, unsafe: bool,
) -> None:  # fmt: skip
    """Grade notebooks: grades.csv and grades.sqlite in OUT, with the reason for every point.

    What is done is kept: interrupt whenever you like, and the same command goes on from there.
    """
    from labkit.course.syllabus import load_course
    from labkit.grading import progress, session, submission
    from labkit.grading.gradebook import Gradebook
    from labkit.grading.lock import only_one
    from labkit.grading.roster import read_roster

    course = load_course()
    if lesson:
        course.lesson(lesson)
    execute = _executor(executor, address, jobs, unsafe)
    students = read_roster(roster) if roster else []
    show = progress.Progress()
    try:
        with only_one(out):
            book = Gradebook(out / "grades.sqlite")
            try:
                entered = session.enter(course, submission.collect(list(submissions)), book, lesson, regrade, students)
                show.found(entered)
                with show.work(len(entered.todo)):
                    session.carry_out(book, entered.todo, execute, show.done)
                nothing = show.sum_up(write_grades(book, course, out), entered, out)
            finally:
                book.close()
    except KeyboardInterrupt:
        click.echo(f"\nstopped; what is done is kept in {out}, and the same command goes on from there", err=True)
        sys.exit(INTERRUPTED)
    if nothing:
        raise LabError("nothing could be graded: see the reasons above")


def _executor(name: str, address: str | None, jobs: int | None, unsafe: bool) -> Executor:
    from labkit.grading import bubble, cluster, confine, session
    from labkit.grading.pool import readable

    if name == "dask":
        if not address:
            raise click.UsageError("--executor dask needs --scheduler tcp://HOST:PORT, the address of the cluster")
        return cluster.dask(address, unsafe)
    if address:
        raise click.UsageError("--scheduler goes with --executor dask")
    if (lacks := confine.missing()) and not unsafe:
        raise LabError(
            "this machine cannot confine a student's code:\n  " + "\n  ".join(lacks) + "\n--unsafe grades all the same"
        )
    for note in (*lacks, *bubble.notes(readable())):
        click.echo(f"note: {note}", err=True)
    return session.local(jobs or len(os.sched_getaffinity(0)))


def tell_sandbox() -> None:
    """Print how well a student's code can be confined on this machine, for `labkit doctor`."""
    from labkit.grading import bubble, confine
    from labkit.grading.pool import readable

    lacks = [*confine.missing(), *bubble.notes(readable())]
    click.echo(f"\nGrading: {'; '.join(lacks) or 'what students hand in can be confined here'}")


def write_grades(book: Gradebook, course: Course, out: Path) -> list[Grade]:
    """Everything that is made of a gradebook: grades.csv, and a page for each student."""
    from labkit.grading import feedback, report, standing, tables

    found = standing.grades(book, course)
    try:
        tables.write_csv(out / "grades.csv", found)
        feedback.write_feedback(out / "feedback", course, found)
        report.write_report(out / "report.html", course, found)
    except OSError as error:
        raise LabError(
            f"{error.filename or out} cannot be written: {error.strerror}; what is done is kept: the same command goes on"
        ) from None
    return found
