"""The rules of a lesson's cells: ids, tags, sizes. Each complaint names the file, the line and the cure."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from labkit.course.syllabus import CourseError, Lesson

TAGS: Final = (
    "demo", "predict", "exercise", "check", "break-it", "raises-exception", "skip-execution", "hide-input", "slow",
    "needs-qemu", "needs-cc", "varies",
)  # fmt: skip
"""The closed list. `varies`: real time is involved, so the output differs from run to run; it is neither stored nor compared."""

CODE_LINES_MAX: Final = 12
"""Lines of code in a cell: one idea, seen whole. Blank lines, comments and docstrings are free; so are hidden tests."""

SOLUTION_LINES_MAX: Final = 30
"""Lines of code between the solution markers: what a student writes, not what a student reads."""

PROSE_WORDS_MAX: Final = 120
"""Words in one cell of prose: about half a minute of reading."""

CELLS_MAX: Final = 45
"""Cells in one notebook."""

BEGIN_SOLUTION: Final = "### BEGIN SOLUTION"
END_SOLUTION: Final = "### END SOLUTION"
BEGIN_HIDDEN: Final = "### BEGIN HIDDEN TESTS"
END_HIDDEN: Final = "### END HIDDEN TESTS"

_KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass
class Cell:
    """One cell as it is written: where, what kind ("code" or "markdown"), its id, tags and text."""

    path: Path
    line: int
    kind: str
    id: str
    tags: tuple[str, ...]
    source: str
    extra: dict[str, Any] = field(default_factory=dict)

    def complaint(self, text: str) -> CourseError:
        """An error that says where this cell is."""
        return CourseError(f"{self.path}:{self.line}: {text}")


def obey_rules(cells: list[Cell]) -> None:
    """Raise CourseError for the first cell that breaks a rule that holds in every notebook."""
    seen: dict[str, int] = {}
    for cell in cells:
        if not cell.id:
            raise cell.complaint('this cell has no id; write `# %% id="what-it-shows"`')
        if not _KEBAB.fullmatch(cell.id) or not 1 < len(cell.id) <= 64:
            raise cell.complaint(f"the id {cell.id!r} must be words in lower case joined by -, at most 64 characters")
        if cell.id in seen:
            raise cell.complaint(f"the id {cell.id!r} is used already on line {seen[cell.id]}")
        seen[cell.id] = cell.line
        if unknown := [tag for tag in cell.tags if tag not in TAGS]:
            raise cell.complaint(f"unknown tag {unknown[0]!r}; the tags are: {', '.join(TAGS)}")
        if cell.extra:
            raise cell.complaint(f"unknown setting {next(iter(cell.extra))!r}; a cell has an id and tags")
        _obey_sizes(cell)
    if len(cells) > CELLS_MAX:
        raise cells[CELLS_MAX].complaint(f"{len(cells)} cells; a notebook has at most {CELLS_MAX}: make it two, or say less")


def obey_exercise_rules(cells: list[Cell], lesson: Lesson) -> None:
    """Raise CourseError unless each exercise of the lesson has its solution cell and then its check cell, in order."""
    ids = [cell.id for cell in cells]
    wanted = [f"{exercise.id}-{part}" for exercise in lesson.exercises for part in ("solution", "check")]
    marked = [cell for cell in cells if {"exercise", "check"} & set(cell.tags) or cell.id in wanted]
    for cell in marked:
        if cell.id not in wanted:
            raise cell.complaint(f"an exercise or check cell is called one of {', '.join(wanted)}; this is {cell.id!r}")
        tag = "exercise" if cell.id.endswith("-solution") else "check"
        if tag not in cell.tags or cell.kind != "code":
            raise cell.complaint(f'{cell.id!r} must be a code cell with tags=["{tag}"]')
        if tag == "exercise":
            split_solution(cell)
    path = cells[0].path if cells else Path("exercises.py")
    for id in wanted:
        if id not in ids:
            raise CourseError(f"{path}: the cell {id!r} is missing; course.toml says that lesson {lesson.number} has it")
    if (order := [id for id in ids if id in wanted]) != wanted:
        raise CourseError(f"{path}: the order is {order}, in course.toml it is {wanted}")


def split_solution(cell: Cell) -> tuple[list[str], list[list[str]], list[str]]:
    """What is before the first region to be written, the regions, and all lines that stay, each region as one stub line."""
    exercise = cell.id.removesuffix("-solution")
    before: list[str] = []
    regions: list[list[str]] = []
    kept: list[str] = []
    inside = False
    for offset, line in enumerate(cell.source.splitlines(), 1):
        where = Cell(cell.path, cell.line + offset, cell.kind, cell.id, cell.tags, "")
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() == BEGIN_SOLUTION:
            if inside or not indent:
                raise where.complaint(f"{BEGIN_SOLUTION} belongs inside a function, so that the stub still defines its name")
            inside = True
            regions.append([])
            kept.append(f'{indent}raise NotImplementedError("exercise {exercise}: write this part")')
        elif line.strip() == END_SOLUTION:
            if not inside:
                raise where.complaint(f"{END_SOLUTION} without {BEGIN_SOLUTION}")
            inside = False
        elif inside:
            regions[-1].append(line)
        else:
            kept.append(line)
            if not regions:
                before.append(line)
    if inside or not regions:
        raise cell.complaint(f"{cell.id!r} needs {BEGIN_SOLUTION} and {END_SOLUTION} around what the student writes")
    return before, regions, kept


def stub(cell: Cell) -> str:
    """The solution cell as the student gets it: it defines every name, and calling one says what is to be written."""
    return "\n".join(split_solution(cell)[2])


def without_hidden(cell: Cell) -> str:
    """The check cell as the student gets it."""
    kept, inside = [], False
    for line in cell.source.splitlines():
        if line.strip() in (BEGIN_HIDDEN, END_HIDDEN):
            if inside == (line.strip() == BEGIN_HIDDEN):
                raise cell.complaint(f"{cell.id!r}: {line.strip()} where it cannot be")
            inside = not inside
        elif not inside:
            kept.append(line)
    if inside:
        raise cell.complaint(f"{cell.id!r}: {BEGIN_HIDDEN} without {END_HIDDEN}")
    return "\n".join(kept).rstrip()


def _obey_sizes(cell: Cell) -> None:
    if cell.kind == "markdown":
        words = len(re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL).split())
        if words > PROSE_WORDS_MAX:
            raise cell.complaint(f"{words} words of prose; a cell has at most {PROSE_WORDS_MAX}: make it two, or say less")
        return
    seen = cell.source
    if "exercise" in cell.tags:
        seen = stub(cell)
        for region in split_solution(cell)[1]:
            if (count := _plain_lines("\n".join(region))) > SOLUTION_LINES_MAX:
                raise cell.complaint(f"{count} lines of solution; at most {SOLUTION_LINES_MAX}: make it two exercises")
    elif "check" in cell.tags:
        seen = without_hidden(cell)
    if (count := code_lines(seen)) > CODE_LINES_MAX:
        raise cell.complaint(f"{count} lines of code; a cell has at most {CODE_LINES_MAX}: more code belongs in labkit")


def code_lines(source: str) -> int:
    """Lines that hold code: not blank, not only a comment, not a docstring."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return _plain_lines(source)
    count = _plain_lines(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            count -= _plain_lines("\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno]))
    return count


def _plain_lines(source: str) -> int:
    return sum(1 for line in source.splitlines() if line.strip() and not line.strip().startswith("#"))
