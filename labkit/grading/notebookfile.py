"""A student's notebook file as cells: read with patience, and never trusted.

Files come from many editors and systems: other minor versions, a byte order mark, UTF-16, cells without ids. What cannot be
read is a NotReadable whose text a student understands; nothing else ever leaves this file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from labkit.errors import LabError

BYTES_MOST: Final = 32 << 20
"""A notebook of this course has some 100 kB; with large outputs a few MB."""
CELLS_MOST: Final = 5000
SOURCE_MOST: Final = 200_000
"""Characters in one cell. A solution has some hundred."""
NAME_MOST: Final = 100
"""Characters of an id, or of anything else that a notebook calls itself."""
BEGINNINGS: Final = {
    b"PK\x03\x04": "a zip file", b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip file", b"7z\xbc\xaf": "a 7z file", b"Rar!": "a rar file", b"\xd0\xcf\x11\xe0": "an Office file",
}  # fmt: skip


class NotReadable(LabError):
    """The file is no notebook that can be graded; the text says why, and what the student should do."""


@dataclass(frozen=True)
class StudentCell:
    """One cell of a submission: where it stands, what it is called, and its text."""

    place: int
    id: str
    grade_id: str
    source: str
    kind: str = "code"


@dataclass(frozen=True)
class StudentNotebook:
    """A submission's cells in order, the lesson and the release that it says it was made from ("" if it does not)."""

    cells: tuple[StudentCell, ...]
    lesson: str
    release: str


def read_notebook(data: bytes) -> StudentNotebook:
    """The notebook in these bytes.

    Raises:
        NotReadable: there is none.
    """
    if len(data) > BYTES_MOST:
        raise NotReadable(too_large(len(data)))
    if not data.strip(b"\0 \t\r\n"):
        raise NotReadable("the file is empty: save the notebook, and hand it in again")
    notebook = _json(_text(data))
    if not isinstance(notebook, dict):
        raise NotReadable("the file is JSON, but no notebook: hand in the .ipynb file that JupyterLab saves")
    cells = _raw_cells(notebook)
    if len(cells) > CELLS_MOST:
        raise NotReadable(
            f"the notebook has {len(cells):,} cells, more than the {CELLS_MOST:,} that are read: hand in your own only"
        )
    metadata = notebook.get("metadata")
    mine = metadata.get("labkit") if isinstance(metadata, dict) else None
    mine = mine if isinstance(mine, dict) else {}
    found = tuple(cell for place, raw in enumerate(cells) if (cell := _cell(place, raw)) is not None)
    return StudentNotebook(found, _name(mine.get("lesson")), _name(mine.get("release")))


def too_large(size: int) -> str:
    """What a student is told whose file has so many bytes."""
    return (
        f"the file has {size >> 20} MB, more than the {BYTES_MOST >> 20} MB that are read: "
        "clear its outputs (Edit, Clear Outputs of All Cells), save it, and hand it in again"
    )


def _text(data: bytes) -> str:
    for beginning, kind in BEGINNINGS.items():
        if data.startswith(beginning):
            raise NotReadable(f"the file is {kind} that is only called .ipynb: hand in the file that JupyterLab saves")
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-8") and b"\0" not in data and data.lstrip()[:1] == b"{":
            raise NotReadable(
                f"its letters are not written in UTF-8 (byte {error.start}): open it in JupyterLab, save it, and hand it in again"
            ) from None
        raise NotReadable("the file is no text, so it is no notebook: hand in the .ipynb file that JupyterLab saves") from None


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_int)
    except (RecursionError, MemoryError):
        raise NotReadable("the file is nested too deep for a notebook: hand in the .ipynb file that JupyterLab saves") from None
    except json.JSONDecodeError as error:
        raise NotReadable(_what_is_wrong(text, error)) from None


def _what_is_wrong(text: str, error: json.JSONDecodeError) -> str:
    """Why this is no JSON, as a student would say it."""
    if re.search(r"^(<<<<<<<|>>>>>>>) ", text, re.MULTILINE):
        return "the file holds two versions at once (git's <<<<<<< lines): decide for one, and save it"
    if text.lstrip().startswith("<"):
        return "the file is a web page, not a notebook: download the .ipynb file itself"
    if not text.lstrip().startswith("{"):
        return "the file does not begin as a notebook does: hand in what JupyterLab saves, not a program or a text"
    if error.msg == "Extra data":
        return f"after its end something else follows (line {error.lineno}): save it with JupyterLab, and hand it in again"
    if error.msg.startswith("Unterminated string") or not text[error.pos :].strip():
        return f"the file was cut off (line {error.lineno} is its last): save it, or download it, once more"
    return f"line {error.lineno} was damaged ({error.msg}): save the notebook with JupyterLab, not with a text editor"


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
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = grader.get("grade_id") if isinstance(grader, dict) else None
    return StudentCell(place, _name(raw.get("id")), _name(grade_id), source[: SOURCE_MOST + 1], raw["cell_type"])


def _name(value: Any) -> str:
    """A name that can be printed, kept in a database and shown on a page; "" if it is none."""
    return "".join(c if c.isprintable() else "?" for c in value[:NAME_MOST]) if isinstance(value, str) else ""
