"""`labkit release`: hand out lessons' exercises."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("lessons", nargs=-1, type=int, metavar="[NN]...")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=Path("release"), show_default=True)
@click.option(
    "--for",
    "whom",
    type=click.Choice(["students", "nbgrader"]),
    default="students",
    show_default=True,
    help="nbgrader: its source/ folder, with solutions, from which nbgrader makes the students' copy itself.",
)
@click.option("--force", is_flag=True, help="Replace files that are no untouched releases.")
def release(lessons: tuple[int, ...], to: Path, whom: str, force: bool) -> None:
    """Write the student's notebook of lessons NN, or of all that have exercises: no solution, no hidden test.

    An older release in its place is replaced; a file in which somebody has written is not.
    """
    from labkit.course.syllabus import load_course
    from labkit.grading import release as made

    course = load_course()
    if lessons:
        wanted = [course.lesson(number) for number in dict.fromkeys(lessons)]
    else:
        wanted = [lesson for lesson in course.lessons if (course.folder(lesson) / "exercises.py").is_file()]
    write = made.release if whom == "students" else made.nbgrader_source
    for lesson in wanted:
        path = write(course, lesson, to, force)
        click.echo(f"wrote {path} (release {made.released(course, lesson)})")
    for lesson in wanted:
        made.enter(course, lesson)
    if whom == "nbgrader":
        click.echo(f"these hold the solutions: give nobody {to / 'source'}. Now, in {to}: nbgrader generate_assignment NN_slug")
    elif wanted:
        click.echo(f"{course.root / made.RELEASES} says which these are: keep it with the course")
