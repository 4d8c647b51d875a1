"""What tests of the grader share: the real course, solutions of it, and submissions made of them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from labkit.course.build import read_cells
from labkit.course.syllabus import Course, Lesson, load_course
from labkit.grading.plan import SOLUTION, Problem, plan
from labkit.grading.release import release

ROOT = Path(__file__).parents[3]


@functools.cache
def course() -> Course:
    """The course of this repository."""
    return load_course(ROOT)


@functools.cache
def problems(lesson: int) -> dict[str, Problem]:
    """Exercise id → problem, of a lesson."""
    return {each.exercise.id: each for each in plan(course(), course().lesson(lesson))}


@functools.cache
def solutions(lesson: int) -> dict[str, str]:
    """Exercise id → the course's own solution."""
    cells = read_cells(course().folder(course().lesson(lesson)) / "exercises.py")
    return {cell.id.removesuffix(SOLUTION): cell.source for cell in cells if cell.id.endswith(SOLUTION)}


@functools.cache
def _released(lesson: int, folder: Path) -> str:
    return release(course(), course().lesson(lesson), folder).read_text(encoding="utf-8")


def notebook(lesson: int, written: Mapping[str, str], folder: Path) -> bytes:
    """The released notebook with these solutions written into their cells.

    Args:
        lesson: its number.
        written: exercise id → text.
        folder: where the release is kept meanwhile.
    """
    data = json.loads(_released(lesson, folder))
    for cell in data["cells"]:
        id = cell.get("id", "").removesuffix(SOLUTION)
        if cell.get("id", "").endswith(SOLUTION) and id in written:
            cell["source"] = written[id]
    return json.dumps(data).encode("utf-8", "surrogatepass")


def hand_in(folder: Path, student: str, lesson: int, written: Mapping[str, str]) -> Path:
    """A submission in folder/student/, as a student would leave it."""
    of: Lesson = course().lesson(lesson)
    path = folder / student / f"{of.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook(lesson, written, folder.parent / "released"))
    return path
