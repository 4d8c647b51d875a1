"""The `labkit` command: a thin face. Each command loads what it needs when it is called, so that --help is quick."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from labkit.course.kernelcmd import kernel
from labkit.errors import LabError
from labkit.grading.command import grade
from labkit.grading.decide import decide
from labkit.grading.exportcommand import export
from labkit.grading.releasecommand import release
from labkit.grading.reportcommand import report
from labkit.grading.selfcheckcommand import selfcheck
from labkit.grading.validate import validate


class _Plain(click.Group):
    """A group of commands in the order of use; a mistake of the user's is a sentence, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LabError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="labkit", prog_name="labkit")
def main() -> None:
    """A course on threads that runs for real."""


@main.command()
@click.argument("lessons", nargs=-1, type=int, metavar="[NN]...")
@click.option("--check", is_flag=True, help="Change nothing; say which built files are stale, and exit with 1 if any is.")
def build(lessons: tuple[int, ...], check: bool) -> None:
    """Build the notebooks of all lessons, or of lessons NN."""
    from labkit.course.commands import build_lessons

    sys.exit(build_lessons(lessons, check))


@main.command()
@click.option("--no-browser", is_flag=True, help="Print the address, open nothing.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8888, show_default=True, help="The next free one is taken if it is in use."
)
@click.option(
    "--dir", "work", type=click.Path(file_okay=False, path_type=Path), help="Folder to work in.  [default: work/ in the course]"
)
def lab(no_browser: bool, port: int, work: Path | None) -> None:
    """Open the course in JupyterLab, in a copy that keeps what you change."""
    from labkit.course.lab import start_lab
    from labkit.course.syllabus import load_course

    course = load_course()
    start_lab(course, work or course.root / "work", port, browser=not no_browser)


@main.command()
def doctor() -> None:
    """Say what works on this machine, and what each lesson lacks."""
    from labkit.course.commands import tell_doctor
    from labkit.grading.command import tell_sandbox

    code = tell_doctor()
    tell_sandbox()
    sys.exit(code)


@main.command("new-lesson")
@click.argument("name", metavar="NN_slug")
@click.argument("title", required=False)
def new_lesson(name: str, title: str | None) -> None:
    """Begin a lesson in lessons/NN_slug, and enter it in course.toml."""
    from labkit.course.scaffold import new_lesson as begin
    from labkit.course.syllabus import load_course

    for path in begin(load_course(), name, title):
        click.echo(f"wrote {path}")


@main.command("new-exercise")
@click.argument("lesson", metavar="NN_slug")
@click.argument("id")
@click.argument("title", required=False)
def new_exercise(lesson: str, id: str, title: str | None) -> None:
    """Add exercise ID (such as 3f) to a lesson, with files for mutants and variants."""
    from labkit.course.scaffold import new_exercise as begin
    from labkit.course.syllabus import load_course

    for path in begin(load_course(), lesson, id, title):
        click.echo(f"wrote {path}")


main.add_command(kernel)
main.add_command(validate)
main.add_command(grade)
main.add_command(selfcheck)
main.add_command(release)
main.add_command(export)
main.add_command(report)
main.add_command(decide)
