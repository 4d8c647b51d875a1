"""`labkit selfcheck`: is what the course knows to be right accepted, and what it knows to be wrong rejected?"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from labkit.course.syllabus import Course, Lesson
    from labkit.grading.selfcheck import Score


@click.command()
@click.argument("which", nargs=-1, metavar="[NN|EXERCISE]...")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes at once.  [default: one for each core]")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, for a program.")
def selfcheck(which: tuple[str, ...], jobs: int | None, as_json: bool) -> None:
    """Grade every solution, variant and mutant that the course knows; exit with 1 if one is judged wrongly.

    The mutation score is how many of the known wrong solutions do not get full points. WHICH is a lesson (6) or an exercise (6b).
    """
    from rich.console import Console

    from labkit.course.syllabus import load_course
    from labkit.errors import LabError

    course = load_course()
    console, began = Console(stderr=as_json), time.monotonic()
    try:
        scores = _scores(console, course, _chosen(course, which), jobs or len(os.sched_getaffinity(0)))
    except KeyboardInterrupt:
        raise LabError("stopped; nothing was changed, and labkit selfcheck NN checks one lesson") from None
    if as_json:
        click.echo(json.dumps([asdict(score) for score in scores], indent=1))
    else:
        _show(console, scores, time.monotonic() - began)
    sys.exit(any(score.wrong for score in scores))


def _chosen(course: Course, which: tuple[str, ...]) -> list[tuple[Lesson, list[str]]]:
    """The lessons that are meant, each with its exercises; none for all of them."""
    from labkit.errors import LabError

    if not which:
        return [(lesson, []) for lesson in course.lessons if (course.folder(lesson) / "exercises.py").is_file()]
    found: dict[int, tuple[Lesson, list[str]]] = {}
    for word in which:
        lesson = course.lesson(int(word)) if word.isdecimal() else course.lesson_of(word)
        known = [exercise.id for exercise in lesson.exercises] if lesson else []
        if lesson is None or (not word.isdecimal() and word not in known):
            raise LabError(f"there is no exercise {word}; say a lesson, such as 6, or an exercise, such as 6b")
        found.setdefault(lesson.number, (lesson, []))[1].extend([] if word.isdecimal() else [word])
    return [(lesson, [] if str(lesson.number) in {w.lstrip("0") for w in which} else ids) for lesson, ids in found.values()]


def _scores(console: Any, course: Course, chosen: list[tuple[Lesson, list[str]]], processes: int) -> list[Score]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from labkit.grading.selfcheck import selfcheck as check
    from labkit.grading.selfcheck import trials
    from labkit.grading.session import local

    total = sum(len([t for t in trials(course, lesson) if not ids or t.exercise in ids]) for lesson, ids in chosen)
    found: list[Score] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("selfcheck", total=total)
        for lesson, ids in chosen:
            bar.update(shown, description=lesson.name)
            found += check(course, lesson, local(processes), ids, done=lambda trial, result: bar.advance(shown))
    return found


def _show(console: Any, scores: list[Score], seconds: float) -> None:
    from rich.table import Table

    table = Table(
        "exercise", "checks", "hidden", "mutants rejected", "of them timeout", "crash", "variants accepted", "", box=None
    )
    for score in scores:
        verdict = f"skipped: {score.skipped}" if score.skipped else "[red]wrong[/red]" if score.wrong else "ok"
        table.add_row(
            score.exercise, str(score.checks), str(score.hidden), f"{score.rejected}/{score.mutants}", str(score.timeouts or ""),
            str(score.crashes or ""), f"{score.accepted}/{score.variants}", verdict,
        )  # fmt: skip
    console.print(table)
    for score in scores:
        for line in score.wrong:
            console.print(f"{score.exercise}: {line}", highlight=False, soft_wrap=True, markup=False)
    rejected, mutants = sum(score.rejected for score in scores), sum(score.mutants for score in scores)
    percent = f" ({rejected / mutants:.1%})" if mutants else ""
    console.print(f"mutation score {rejected} of {mutants}{percent}, in {seconds:.0f} s", highlight=False)
