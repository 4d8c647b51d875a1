"""What the commands of `labkit` do, and how they say it."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from labkit.course.syllabus import load_course


def build_lessons(numbers: tuple[int, ...], check: bool) -> int:
    """Build these lessons (all, if none is named), or compare what a build would give; the exit code."""
    from labkit.course import build

    out = Console()
    course = load_course()
    jobs = build.jobs_of(course, [course.lesson(number) for number in numbers] or course.lessons)
    if not jobs:
        out.print(f"No lesson is written yet: {course.root / 'lessons'} has none of those in course.toml.", soft_wrap=True)
        return 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as bar:
        task = bar.add_task("building", total=len(jobs))

        def done(job: build.Job) -> None:
            bar.update(task, advance=1, description=job.target)

        if check:
            stale = build.differences(course, jobs, done)
        else:
            build.build(course, jobs, course.root, done)
    if not check:
        out.print(f"Built {len(jobs)} notebook{'s' if len(jobs) != 1 else ''}.")
        return 0
    for line in stale:
        out.print(line, soft_wrap=True, highlight=False)
    out.print(f"{len(stale)} stale; `labkit build` makes them fresh." if stale else f"All {len(jobs)} notebooks are fresh.")
    return 1 if stale else 0


def tell_doctor() -> int:
    """Print what works here and which lessons are ready; the exit code is 1 if a lesson is not."""
    from rich.table import Table

    from labkit.course.doctor import examine, for_lessons

    out = Console()
    findings = examine()
    table = Table("", "what", "seen here", "remedy", box=None, header_style="bold")
    for finding in findings.values():
        mark = "[green]✓" if finding.works else "[yellow]–" if finding.optional else "[red]✗"
        table.add_row(mark, finding.name, finding.seen, "" if finding.works else finding.remedy)
    out.print(table)
    lessons = for_lessons(load_course(), findings)
    out.print()
    for title, text in lessons:
        out.print(f"[{'green' if text == 'ready' else 'red'}]{title}: {text}", highlight=False, soft_wrap=True)
    return 0 if all(text == "ready" for _, text in lessons) else 1
