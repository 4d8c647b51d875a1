"""A student's own notebook as problems: what can be judged with nothing but the notebook, and better with the course beside it.

The cells between the solutions come from the notebook as it was handed out, where that is on this machine, as the grader
takes them from the course; else from the student's file. Hidden tests are in neither.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from labkit.course.rules import Cell
from labkit.course.syllabus import Course, CourseError, Exercise, Lesson
from labkit.grading.extract import extract
from labkit.grading.notebookfile import NotReadable, StudentNotebook, read_notebook
from labkit.grading.plan import CHECK, SOLUTION, Problem, Step, plain, plan_of

_ID: Final = re.compile(r"(\d+[a-z])(-solution|-check)")


@dataclass
class Own:
    """A notebook, ready to be judged.

    Attributes:
        lesson: the lesson, or what can be told of it.
        problems: its exercises with the checks that can be seen.
        solutions: exercise id → the student's text.
        remarks: exercise id → what is unusual; "" for the notebook as a whole.
        beside: the notebook as it was handed out is on this machine.
    """

    lesson: Lesson
    problems: list[Problem]
    solutions: dict[str, str]
    remarks: dict[str, list[str]] = field(default_factory=dict)
    beside: bool = True


def read_own(path: Path, course: Course | None) -> Own:
    """A student's notebook.

    Raises:
        NotReadable: there is none in the file, or none of this course.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotReadable(f"it cannot be read: {error.strerror}") from None
    notebook = read_notebook(data)
    lesson = _lesson(path, notebook, course)
    theirs = _cells_of(notebook, path)
    handed_out = _handed_out(course, lesson) if course else []
    remarks: dict[str, list[str]] = {}
    problems = _problems(handed_out or theirs, theirs, lesson, bool(handed_out), remarks)
    found = extract(notebook, problems, lesson.name)
    for id, texts in found.remarks.items():
        remarks[id] = [*remarks.get(id, []), *texts]
    for cell in _changed(handed_out, theirs):
        remarks[""] = [*remarks.get("", []), f"the cell {cell} is not as it was handed out: what was handed out is judged by"]
    return Own(lesson, problems, found.solutions, remarks, bool(handed_out))


def _lesson(path: Path, notebook: StudentNotebook, course: Course | None) -> Lesson:
    """The lesson by what the notebook says, its cells or its file's name; of an unknown course, as much as the cells tell."""
    ids = [match[1] for cell in notebook.cells if (match := _ID.fullmatch(cell.grade_id or cell.id))]
    by_name = re.match(r"(\d\d?)(?!\d)", path.stem)
    for each in course.lessons if course else ():
        mine = {exercise.id for exercise in each.exercises}
        if each.name == notebook.lesson or mine & set(ids) or (by_name and not ids and int(by_name[1]) == each.number):
            return each
    if not ids:
        raise NotReadable("it has no exercises: no cell is called like 6b-solution. Is it the lesson instead of its exercises?")
    number = int(ids[0][:-1])
    exercises = tuple(Exercise(id, "", 1, ()) for id in dict.fromkeys(ids))
    slug = notebook.lesson.partition("_")[2] or "notebook"
    return Lesson(number=number, slug=slug, title="", minutes=0, needs=(), exercises=exercises)


def _handed_out(course: Course, lesson: Lesson) -> list[Cell]:
    """The cells of the exercises as students get them; none if they are not here."""
    path = course.root / "exercises" / f"{lesson.name}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [
            Cell(path, 0, cell["cell_type"], cell["id"], tuple(cell["metadata"].get("tags", ())), "".join(cell["source"]))
            for cell in cells
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def _cells_of(notebook: StudentNotebook, path: Path) -> list[Cell]:
    """A student's cells; their tags are told from their names."""
    found: dict[str, Cell] = {}
    for cell in notebook.cells:
        id = cell.grade_id or cell.id or f"cell-{cell.place + 1}"
        tag = "exercise" if id.endswith(SOLUTION) else "check" if id.endswith(CHECK) else "raises-exception"
        if getattr(cell, "kind", "code") == "code":
            found[id] = Cell(path, 0, "code", id, (tag,), cell.source)
    return list(found.values())


def _problems(base: list[Cell], theirs: list[Cell], lesson: Lesson, beside: bool, remarks: dict[str, list[str]]) -> list[Problem]:
    """What can be judged, exercise by exercise: one whose cells are broken does not take the others with it."""
    text = {cell.id: cell.source for cell in theirs}
    base = [cell for cell in base if cell.id.endswith(SOLUTION) or _is_python(cell.source)]
    written = [
        replace(cell, source=text[cell.id]) if cell.id.endswith(SOLUTION) and _is_python(text.get(cell.id, "(")) else cell
        for cell in base
    ]
    handed_out = [cell if _is_python(cell.source) else replace(cell, source="") for cell in base]
    written = [cell if _is_python(cell.source) else replace(cell, source="") for cell in written]
    steps: dict[str, Step] = {}
    found: list[Problem] = []
    for exercise in lesson.exercises:
        only = replace(lesson, exercises=(exercise,))
        try:
            (first,), (problem,) = plan_of(handed_out, only), plan_of(written, only)
        except (CourseError, StopIteration, SyntaxError):
            id = exercise.id
            broken = f"the cell {id}{CHECK} is missing or was changed, so this exercise cannot be judged here"
            remarks[id] = [f"{broken}: take it from the notebook as it was handed out"]
            continue
        steps |= {step.exercise: step for step in first.steps if step.exercise == exercise.id}
        shown = tuple(check for check in problem.checks if not check.hidden)
        needs = problem.needs if beside or "proc" in problem.needs else (*problem.needs, "proc")
        found.append(replace(problem, checks=shown, needs=needs))
    return [replace(problem, steps=tuple(_as_handed_out(step, steps, beside) for step in problem.steps)) for problem in found]


def _as_handed_out(step: Step, steps: dict[str, Step], beside: bool) -> Step:
    """A place for a solution as the grader has it; without the course, whatever is written there counts as written."""
    own = steps.get(step.exercise)
    if not step.exercise or own is None:
        return step
    return own if beside else replace(own, source="")


def _changed(handed_out: list[Cell], theirs: list[Cell]) -> list[str]:
    """Cells of the course that the student has changed."""
    was = {cell.id: cell.source.rstrip() for cell in handed_out if cell.kind == "code" and not cell.id.endswith(SOLUTION)}
    return [cell.id for cell in theirs if cell.id in was and cell.source.rstrip() != was[cell.id]]


def _is_python(source: str) -> bool:
    try:
        ast.parse(plain(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
