"""From a submission only the student's solution cells are taken; every other cell comes from the course.

A solution cell is found by its grade id, else by its cell id, else by the names that it must define. Each departure from the
released notebook is told to the student and to the instructor, in a sentence. No student's text is parsed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from labkit.grading import magics
from labkit.grading.names import bound_in
from labkit.grading.notebookfile import SOURCE_MOST, StudentCell, StudentNotebook
from labkit.grading.plan import SOLUTION, Problem

TOLD_MOST: Final = 5
"""Remarks on one solution; after that the rest is only counted."""


@dataclass(frozen=True)
class Extracted:
    """What was found of one submission.

    Attributes:
        solutions: exercise id → text of the student's solution cell; an exercise that is not there is missing.
        remarks: exercise id → what was unusual about where it was found; "" for the notebook as a whole.
    """

    solutions: dict[str, str]
    remarks: dict[str, list[str]]

    def remark(self, exercise: str, *texts: str) -> None:
        """Add remarks on an exercise; "" is the notebook as a whole."""
        if texts:
            self.remarks.setdefault(exercise, []).extend(texts)


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
        found.remark("", f"this notebook says that it belongs to {notebook.lesson}; it was graded as {lesson}")
    if release and notebook.release not in ("", release):
        found.remark("", "it was made from an older release; graded by today's exercises")
    taken: dict[int, StudentCell] = {}
    order: list[int] = []
    lost = []
    for problem in problems:
        cells = _named(notebook.cells, problem, found)
        if not cells:
            lost.append(problem)
        order += [cell.place for cell in cells]
        taken |= {cell.place: cell for cell in cells}
        _take(cells, problem, found)
    for problem in lost:
        _take(_alike(notebook.cells, problem, taken, found), problem, found)
    if order != sorted(order):
        found.remark("", "its cells stand in another order than in the course: no matter")
    _elsewhere(notebook.cells, problems, taken, found)
    return found


def _take(cells: list[StudentCell], problem: Problem, found: Extracted) -> None:
    """The text of the cells, as Python, becomes the solution."""
    id = problem.exercise.id
    if not cells:
        return
    source = cells[0].source if len(cells) == 1 else "\n".join(cell.source for cell in cells)
    if len(source) > SOURCE_MOST:
        found.remark(id, f"the cell has more than {SOURCE_MOST:,} characters: it is not graded")
        return
    told: list[str] = []
    if not problem.stub.lstrip().startswith("%%"):
        source, told = magics.plain(source)
    found.remark(
        id, *told[:TOLD_MOST], *([f"and {len(told) - TOLD_MOST} more lines like these"] if len(told) > TOLD_MOST else [])
    )
    found.solutions[id] = source


def _named(cells: tuple[StudentCell, ...], problem: Problem, found: Extracted) -> list[StudentCell]:
    """The cell of this exercise by its name; of a cell that was split, all its parts."""
    id = problem.exercise.id
    wanted = id + SOLUTION
    named = [cell for cell in cells if cell.grade_id == wanted] or [cell for cell in cells if cell.id == wanted]
    code = [cell for cell in named if cell.kind == "code"]
    if named and not code:
        found.remark(id, f"the cell {wanted} is no code any more, but {named[-1].kind}: choose Code for it, and hand it in again")
    if len(code) < 2:
        return code
    written = [cell for cell in code if cell.source.strip() not in ("", problem.stub.strip())] or code[-1:]
    if len({cell.source for cell in written}) == 1:
        return written[-1:]
    names = _names(problem)
    whole = [cell for cell in written if names <= bound_in(cell.source)]
    if not whole and names <= {name for cell in written for name in bound_in(cell.source)}:
        found.remark(id, f"the cell {wanted} was split into {len(written)}: they were graded as one")
        return written
    last = (whole or written)[-1]
    found.remark(id, f"{len(code)} cells are called {wanted}; graded was the last of them, cell {last.place + 1}")
    return [last]


def _alike(
    cells: tuple[StudentCell, ...], problem: Problem, taken: dict[int, StudentCell], found: Extracted
) -> list[StudentCell]:
    """The last cell that defines what this exercise must define: its own lost its name, or was merged into another."""
    id, names = problem.exercise.id, _names(problem)
    listed = ", ".join(sorted(names))
    alike = [cell for cell in cells if cell.kind == "code" and names and names <= bound_in(cell.source)]
    free = [cell for cell in alike if cell.place not in taken]
    if best := (free or alike)[-1:]:
        found.remark(id, f"no cell is called {id}{SOLUTION}; graded was cell {best[0].place + 1}, which defines {listed}")
        return best
    if id not in found.remarks:
        found.remark(id, f"there is no cell {id}{SOLUTION}" + (f", and none that defines {listed}" if names else ""))
    return []


def _elsewhere(cells: tuple[StudentCell, ...], problems: list[Problem], taken: dict[int, StudentCell], found: Extracted) -> None:
    """Warn of helpers that stand in a cell of the student's own: it works in the notebook, and it is not graded."""
    known = {name for problem in problems for step in (*problem.steps, *problem.spare) for name in step.defines}
    known |= {name for text in found.solutions.values() for name in bound_in(text)}
    course = {step.cell for problem in problems for step in (*problem.steps, *problem.spare)}
    own = [cell for cell in cells if cell.kind == "code" and cell.place not in taken and not {cell.id, cell.grade_id} & course]
    where = {name: cell.place + 1 for cell in own for name in bound_in(cell.source) if name not in known}
    for id, text in found.solutions.items():
        lacking = sorted(name for name in magics.words_in(text) & set(where) if not _binds_somewhere(text, name))
        if lacking:
            there = f"it uses {lacking[0]}, which cell {where[lacking[0]]} defines"
            found.remark(id, f"{there}: only solution cells are graded, so move it into this one")


def _binds_somewhere(text: str, name: str) -> bool:
    """Whether it looks as if this name were the text's own: a variable, a parameter, or only an attribute."""
    own = rf"\b{name} *(?:[-+*/]?=(?!=)|:=|,.*=)|(?:\bfor|\bas|\blambda|\bdef \w+ *\()[^:\n]*\b{name}\b"
    return re.search(own, text) is not None or re.search(rf"(?<![\w.]){name}\b", text) is None


def _names(problem: Problem) -> set[str]:
    """Functions and classes that a solution of this exercise must define; if there are none, the other names."""
    stub = problem.stub
    defined = set(re.findall(r"^(?:async +def|def|class) +(\w+)", stub, re.MULTILINE))
    return defined or set(bound_in(stub))
