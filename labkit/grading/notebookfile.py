"""A student's notebook file as cells: read with patience, and never trusted.

Files come from many editors and systems: other minor versions, a byte order mark, UTF-16, cells without ids. What cannot be
read is a NotReadable whose text a student understands; nothing else ever leaves this file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from labkit.errors import LabError

BYTES_MOST: Final = 32 << 20
"""A notebook of this course has some 100 kB; with large outputs a few MB."""
CELLS_MOST: Final = 5000
SOURCE_MOST: Final = 200_000
"""Characters in one cell. A solution has some hundred."""


class NotReadable(LabError):
    """The file is no notebook that can be graded; the text says why, and what the student should do."""


@dataclass(frozen=True)
class StudentCell:
    """One code cell of a submission."""

    place: int
    id: str
    grade_id: str
    source: str


@dataclass(frozen=True)
class StudentNotebook:
    """A submission's code cells in order, the lesson and the release that it says it was made from ("" if it does not)."""

    cells: tuple[StudentCell, ...]
    lesson: str
    release: str


def read_notebook(data: bytes) -> StudentNotebook:
    """The notebook in these bytes.

    Raises:
        NotReadable: there is none.
    """
    if len(data) > BYTES_MOST:
        raise NotReadable(
            f"the file has {len(data) >> 20} MB, more than the {BYTES_MOST >> 20} MB that are read: "
            "clear its outputs (Edit, Clear Outputs of All Cells), save it, and hand it in again"
        )
    if not data.strip():
        raise NotReadable("the file is empty: save the notebook, and hand it in again")
    notebook = _json(data)
    if not isinstance(notebook, dict):
        raise NotReadable("the file is JSON, but no notebook: hand in the .ipynb file that JupyterLab saves")
    cells = _raw_cells(notebook)
    course = notebook.get("metadata")
    mine = course.get("labkit") if isinstance(course, dict) else None
    mine = mine if isinstance(mine, dict) else {}
    found = tuple(cell for place, raw in enumerate(cells[:CELLS_MOST]) if (cell := _cell(place, raw)) is not None)
    return StudentNotebook(found, str(mine.get("lesson", "")), str(mine.get("release", "")))


def _json(data: bytes) -> Any:
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise NotReadable(
            f"byte {error.start} is no {error.encoding.upper()}: save the notebook with JupyterLab, not with a text editor"
        ) from None
    try:
        return json.loads(text.lstrip("\ufeff"), parse_int=_int)
    except RecursionError:
        raise NotReadable("the file is nested too deep for a notebook") from None
    except ValueError as error:
        if text.lstrip().startswith(("<<<<<<<", "=======")) or "\n<<<<<<< " in text:
            raise NotReadable("the file holds two versions at once (git's <<<<<<< lines): decide for one, and save it") from None
        if text.lstrip().startswith("<"):
            raise NotReadable("the file is a web page, not a notebook: download the .ipynb file itself") from None
        raise NotReadable(f"the file is no notebook, or was cut off: {error}") from None


def _int(text: str) -> int:
    return int(text) if len(text) < 30 else 0  # Why: to read a number of a million digits takes minutes


def _raw_cells(notebook: dict[str, Any]) -> list[Any]:
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):  # format 3, of before 2015
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise NotReadable("the file has no cells: hand in the .ipynb file that JupyterLab saves")
    return cells


def _cell(place: int, raw: Any) -> StudentCell | None:
    if not isinstance(raw, dict) or raw.get("cell_type") != "code":
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = grader.get("grade_id", "") if isinstance(grader, dict) else ""
    return StudentCell(place, str(raw.get("id", "")), str(grade_id), source[: SOURCE_MOST + 1])
