"""The `labkit` command: a thin face. Each command loads what it needs when it is called, so that --help is quick."""

from __future__ import annotations

import sys

import click

from labkit.errors import LabError


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
