"""From a submission only the student's solution cells are taken; every other cell comes from the course.

A solution cell is found by its grade id, else by its cell id, else by the names that it must define. Each departure from the
released notebook is told to the student and to the instructor, in a sentence.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from labkit.grading.notebookfile import SOURCE_MOST, StudentCell, StudentNotebook
from labkit.grading.plan import SOLUTION, Problem


@dataclass(frozen=True)
class Extracted:
    """What was found of one submission.

    Attributes:
        solutions: exercise id → text of the student's solution cell; an exercise that is not there is missing.
        remarks: exercise id → what was unusual about where it was found; "" for the notebook as a whole.
    """

    solutions: dict[str, str]
    remarks: dict[str, list[str]]


def extract(notebook: StudentNotebook, problems: list[Problem], lesson: str, release: str = "") -> Extracted:
    """The solutions in a notebook.

    Args:
        notebook: the submission.
        problems: the exercises of the lesson.
        lesson: the lesson's name, as the released notebook carries it.
        release: what was released last; "" where nothing was.
    """
    found = Extracted({}, {})
    if notebook.lesson not in ("", lesson):
        found.remarks[""] = [f"this notebook says that it belongs to {notebook.lesson}; it was graded as {lesson}"]
    if release and notebook.release not in ("", release):
        found.remarks[""] = [*found.remarks.get("", []), "it was made from an older release; graded by today's exercises"]
    taken: set[int] = set()
    order = []
    for problem in problems:
        id = problem.exercise.id
        cell, remark = _find(notebook.cells, problem, taken)
        if remark:
            found.remarks[id] = [remark]
        if cell is None:
            continue
        taken.add(cell.place)
        order.append(cell.place)
        if len(cell.source) > SOURCE_MOST:
            found.remarks[id] = [f"the cell has more than {SOURCE_MOST:,} characters: it is not graded"]
            continue
        found.solutions[id] = cell.source
    if order != sorted(order):
        found.remarks[""] = [*found.remarks.get("", []), "its cells stand in another order than in the course: no matter"]
    return found


def _find(cells: tuple[StudentCell, ...], problem: Problem, taken: set[int]) -> tuple[StudentCell | None, str]:
    wanted = problem.exercise.id + SOLUTION
    named = [cell for cell in cells if cell.grade_id == wanted] or [cell for cell in cells if cell.id == wanted]
    if len(named) == 1:
        return named[0], ""
    if named:
        return _of_several(named, problem, wanted)
    names = _defines(problem.stub)
    alike = [cell for cell in cells if cell.place not in taken and names and names <= _defines(cell.source)]
    alike = [cell for cell in alike if not cell.grade_id or not cell.grade_id.endswith(SOLUTION)]
    if alike:
        return alike[
            -1
        ], f"no cell is called {wanted}; graded was cell {alike[-1].place + 1}, which defines {', '.join(sorted(names))}"
    return None, f"there is no cell {wanted}, and none that defines {', '.join(sorted(names))}"


def _of_several(named: list[StudentCell], problem: Problem, wanted: str) -> tuple[StudentCell, str]:
    """Of cells with one name: the last that the student has changed."""
    written = [cell for cell in named if cell.source.strip() != problem.stub.strip()] or named
    last = written[-1]
    if len({cell.source for cell in written}) == 1:
        return last, ""
    return last, f"{len(named)} cells are called {wanted}; graded was the last of them, cell {last.place + 1}"


def _defines(source: str) -> set[str]:
    """Functions and classes that a cell defines at its top level; none if it is no Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {each.name for each in body if isinstance(each, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))}
