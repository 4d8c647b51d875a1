"""Who is in the class: a CSV file from the registrar or the LMS.

The first line names the columns; their usual names in Canvas, Moodle and elsewhere are known. A gradebook that Canvas exports
and a grading worksheet of Moodle are rosters too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError

COLUMNS: Final = {
    "id": ("id", "identifier", "student id", "student_id", "student number", "sis user id", "sis id", "id number"),
    "sis": ("sis user id", "sis id", "id number"),
    "email": ("email", "email address", "e-mail", "e-mail address", "mail"),
    "login": ("sis login id", "login id", "login", "username", "user name"),
    "name": ("name", "student", "full name", "fullname", "student name", "first name / last name", "first name / surname"),
    "first": ("first name", "first_name", "firstname", "given name"),
    "last": ("last name", "last_name", "lastname", "surname", "family name"),
    "section": ("section", "group", "groups"),
}
WORKSHEET: Final = ("Identifier", "Grade", "Last modified (grade)")
"""Columns that every grading worksheet of Moodle has, in an English course."""
PARTICIPANT: Final = re.compile(r"Participant (\d+)")
"""Moodle's worksheet says so before the number that stands in a submission's file name too."""
CANVAS_LINES: Final = ("points possible", "student, test")
"""Lines of Canvas's gradebook that are no students: how many points there are, and the teacher's own test student."""


@dataclass(frozen=True)
class Student:
    """One student: what the roster says; "" where it says nothing.

    Attributes:
        id: as the LMS numbers them, or the registrar.
        email: as it is written there, for Moodle's import tells capital letters from small ones.
        name: first name first, or last name first with a comma, as it is written.
        sis, login, section: Canvas's "SIS User ID", "SIS Login ID" and "Section", or what is like them.
        cells: the whole line, by its column's name.
    """

    id: str
    email: str
    name: str
    sis: str = ""
    login: str = ""
    section: str = ""
    cells: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def known_as(self) -> str:
        """How the gradebook calls them."""
        return self.id or self.email or self.login or self.name

    @property
    def told(self) -> str:
        """How messages call them."""
        return " ".join(filter(None, (self.name, f"({self.id or self.email})" if self.id or self.email else "")))


@dataclass(frozen=True)
class Roster(Sequence[Student]):
    """The students of a file, in its order.

    Attributes:
        path: the file.
        columns: names of its columns, in order.
        students: one for each line.
        points: of a gradebook that Canvas exported, the line of possible points by column; else empty.
    """

    path: Path
    columns: tuple[str, ...]
    students: tuple[Student, ...]
    points: dict[str, str] = field(default_factory=dict, hash=False)

    def __len__(self) -> int:
        return len(self.students)

    def __getitem__(self, place: Any) -> Any:
        return self.students[place]

    @property
    def canvas(self) -> bool:
        """Did Canvas export it? Then its ID is the number in a submission's file name."""
        return {"Student", "ID", "Section"} <= set(self.columns)

    @property
    def worksheet(self) -> bool:
        """Is it a grading worksheet of Moodle? Then its Identifier is that number."""
        return set(WORKSHEET) <= set(self.columns)


def read_roster(path: Path) -> Roster:
    """The students of a CSV file.

    Raises:
        LabError: it cannot be read, has no column that says who somebody is, or names somebody twice.
    """
    rows = _table(path)
    columns = tuple(cell.strip() for cell in rows[0])
    heads = [column.lower() for column in columns]
    at = {what: next((heads.index(name) for name in names if name in heads), -1) for what, names in COLUMNS.items()}
    if all(at[what] < 0 for what in ("id", "email", "login", "name", "last")):
        raise LabError(
            f"{path}: no column says who somebody is; its first line has {', '.join(columns)}, and none is id, email or name"
        )
    students: list[Student] = []
    points: dict[str, str] = {}
    for row in rows[1:]:
        cells = dict(zip(columns, row, strict=False))
        if "student" in heads and (first := row[0].strip().lower()).startswith(CANVAS_LINES):
            points = cells if first.startswith(CANVAS_LINES[0]) else points
        else:
            students.append(_student(row, at, cells))
    if not students:
        raise LabError(f"{path}: below the line that names the columns there is no student")
    for what in ("id", "email"):
        _no_twice(path, what, [getattr(student, what) for student in students])
    return Roster(path, columns, tuple(students), points)


def _table(path: Path) -> list[list[str]]:
    """The lines of a file that hold something: UTF-8 or Excel's UTF-16, with commas, semicolons or tabs between."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except OSError as error:
        raise LabError(f"{path} cannot be read as a roster: {error.strerror}") from None
    except UnicodeError:
        raise LabError(f"{path} is not UTF-8: save it as “CSV UTF-8”, so that names keep their accents") from None
    except csv.Error as error:
        raise LabError(f"{path} cannot be read as a roster: {error}; save it as CSV, not as a workbook") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise LabError(f"{path} is empty: a roster begins with a line that names its columns, such as: id,email,name")
    return rows


def _student(row: list[str], at: dict[str, int], cells: dict[str, str]) -> Student:
    def cell(what: str) -> str:
        return row[at[what]].strip() if 0 <= at[what] < len(row) else ""

    id = participant[1] if (participant := PARTICIPANT.fullmatch(cell("id"))) else cell("id")
    name = cell("name") or " ".join(filter(None, (cell("first"), cell("last"))))
    return Student(id, cell("email"), name, cell("sis"), cell("login"), cell("section"), cells)


def _no_twice(path: Path, what: str, values: list[str]) -> None:
    seen: set[str] = set()
    for value in filter(None, values):
        if value in seen:
            raise LabError(f"{path}: the {what} {value} is there twice; take one of the two lines out")
        seen.add(value)
