"""`labkit export`: the grades as a file for Canvas, Moodle, a spreadsheet or a script."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from labkit.course.syllabus import Course, Lesson
    from labkit.grading.matching import Matched
    from labkit.grading.tables import Grade


@click.command()
@click.argument("grades", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="GRADES")
@click.option("--for", "system", type=click.Choice(["canvas", "moodle", "csv", "json"]), required=True)
@click.option("--roster", type=click.Path(dir_okay=False, path_type=Path), help="The class, as CSV; best from the same system.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="File to write.  [default: in GRADES]")
@click.option("--lesson", "numbers", type=int, multiple=True, help="This lesson only; may be given again.  [default: all graded]")
@click.option("--out-of", type=click.FloatRange(0, min_open=True), help="Give each lesson's grade out of so many points.")
def export(
    grades: Path, system: str, roster: Path | None, to: Path | None, numbers: tuple[int, ...], out_of: float | None
) -> None:
    """Write the grades in GRADES (of labkit grade --out) as another system imports them.

    Who cannot be matched is told, on both sides; the exit code is 1 then, and the file holds all others.
    """
    from labkit.course.syllabus import load_course
    from labkit.errors import LabError
    from labkit.grading import canvas, exports, moodle
    from labkit.grading.matching import Matched, match
    from labkit.grading.roster import read_roster
    from labkit.wholefile import write_whole

    writers: dict[str, Callable[[exports.Export], str]] = {
        "canvas": canvas.canvas_csv, "moodle": moodle.moodle_csv, "csv": exports.plain_csv, "json": exports.plain_json,
    }  # fmt: skip
    course = load_course()
    found, left_out = _grades(course, grades, numbers)
    lessons = tuple(lesson for lesson in course.lessons if lesson.number in {grade.lesson for grade in found})
    students = read_roster(roster) if roster else None
    matched = match(found, students) if students else Matched(_by_themselves(found), [], [], [])
    if students and not matched.pairs:
        raise LabError(
            f"nothing is written: none of {len(found)} submissions, such as {found[0].student!r}, belongs to anybody in "
            f"{roster}, such as {students[0].told!r}. Is it the roster of this class?"
        )
    text = writers[system](exports.Export(course, lessons, matched, students, out_of))
    of = f"-{lessons[0].number:02d}" if len(lessons) == 1 else ""
    to = to or grades / f"{system}{of}.{'json' if system == 'json' else 'csv'}"
    write_whole(to, text)
    count = len(matched.pairs)
    click.echo(f"wrote {to}: {count} student{'s' if count != 1 else ''}, {_named(lessons)}")
    if system == "canvas" and students:
        click.echo("columns: " + "; ".join(canvas.column(lesson, students) for lesson in lessons))
    if waiting := sum(bool(grade.review) for _, mine in matched.pairs for grade in mine.values()):
        click.echo(f"{waiting} of these grades may still rise: a person has to look at what needs review")
    sys.exit(_tell(matched, left_out))


def _named(lessons: tuple[Lesson, ...]) -> str:
    return f"lesson{'s' if len(lessons) > 1 else ''} {', '.join(str(lesson.number) for lesson in lessons)}"


def _grades(course: Course, folder: Path, numbers: tuple[int, ...]) -> tuple[list[Grade], list[str]]:
    """Grades to hand on, and what is left out, each with the reason."""
    from labkit.errors import LabError
    from labkit.grading import exports, standing
    from labkit.grading.gradebook import Gradebook

    for number in numbers:
        course.lesson(number)
    if not (path := folder / "grades.sqlite").is_file():
        raise LabError(f"{folder} holds no gradebook: it is made by `labkit grade SUBMISSIONS --out {folder}`")
    book = Gradebook(path)
    try:
        every = [each for each in standing.grades(book, course) if not numbers or each.lesson in (*numbers, 0)]
    finally:
        book.close()
    why = {id(each): exports.lacks(course, each) for each in every}
    every = [each for each in every if each.file.trouble != standing.NOTHING]
    whole = [each for each in every if not why[id(each)]]
    if not whole:
        raise LabError(f"{path} has no grade{' of ' + ', '.join(map(str, numbers)) if numbers else ''} to export yet")
    return whole, [f"{each.student}, lesson {each.lesson or '?'}: {why[id(each)]}" for each in every if why[id(each)]]


def _by_themselves(found: list[Grade]) -> list[Any]:
    """Without a roster: each submitter is a student of that name."""
    from labkit.grading.exports import NOBODY

    theirs: dict[str, dict[int, Grade]] = {}
    for grade in found:
        theirs.setdefault(grade.student, {})[grade.lesson] = grade
    return [(NOBODY, grades) for grades in theirs.values()]


def _tell(matched: Matched, left_out: list[str]) -> int:
    """Say who is not in the file; 1 if somebody is missing who should be."""
    strangers = [f"{name}" for name in matched.strangers]
    doubled = [f"{student.told}, lesson {lesson}: {' and '.join(names)}" for student, lesson, names in matched.doubled]
    absent = [student.told for student in matched.absent]
    for lines, what in (
        (strangers, "not in the file: in the roster nobody fits, or more than one"),
        (doubled, "not in the file: handed in under two names; keep one folder, or rename them alike"),
        (left_out, "not in the file: no grade"),
        (absent, "in the roster, without a grade"),
    ):
        if lines:
            click.echo(f"{what} ({len(lines)}):", err=True)
            for line in lines:
                click.echo(f"  {line}", err=True)
    return 1 if strangers or doubled or left_out else 0
