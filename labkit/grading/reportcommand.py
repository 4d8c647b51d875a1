"""`labkit report`: the page about a class, from a gradebook that is there already."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("grades", type=click.Path(path_type=Path), default=Path("grades"), required=False, metavar="[GRADES]")
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The page.  [default: report.html in GRADES]")
@click.option("--anonymous", is_flag=True, help="Name nobody: no names, no files, nothing that a student wrote.")
def report(grades: Path, out: Path | None, anonymous: bool) -> None:
    """Write report.html: a class in one page, from the gradebook in GRADES, without any network.

    It shows how points are distributed, common wrong ideas, time-outs, and what a person has to decide.
    """
    from labkit.course.syllabus import load_course
    from labkit.errors import LabError
    from labkit.grading import standing
    from labkit.grading.gradebook import Gradebook
    from labkit.grading.report import write_report

    path = grades if grades.suffix == ".sqlite" else grades / "grades.sqlite"
    if not path.is_file():
        raise LabError(f"{path} is not there: `labkit grade SUBMISSIONS --out {path.parent}` makes it")
    course = load_course()
    book = Gradebook(path)
    try:
        found = standing.grades(book, course)
    finally:
        book.close()
    if not found:
        raise LabError(f"{path} holds no submission yet: grade some first")
    page = out or path.with_name("report-anonymous.html" if anonymous else "report.html")
    write_report(page, course, found, anonymous)
    click.echo(f"wrote {page}")
