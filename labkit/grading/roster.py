"""Who is in the class: a CSV file from the registrar or the LMS, matched to submissions by id, email or name.

The first line names the columns; their usual names in Canvas, Moodle and elsewhere are known. What cannot be matched is told,
in both directions: students without a submission, and submissions of nobody.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.errors import LabError

COLUMNS: Final = {
    "id": ("id", "student id", "sis user id", "id number", "student number", "sis id", "student_id"),
    "email": ("email", "email address", "e-mail", "mail", "sis login id", "login", "username"),
    "name": ("name", "student", "full name", "student name"),
    "first": ("first name", "first_name", "given name"),
    "last": ("last name", "last_name", "surname", "family name"),
}


@dataclass(frozen=True)
class Student:
    """One student: what the roster says; "" where it says nothing."""

    id: str
    email: str
    name: str

    @property
    def known_as(self) -> str:
        """How the gradebook calls them."""
        return self.id or self.email or self.name


def read_roster(path: Path) -> list[Student]:
    """The students of a CSV file.

    Raises:
        LabError: it cannot be read, has no column that says who somebody is, or names somebody twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"{path} cannot be read as a roster: {error}") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(cell.strip() for cell in row)]
    if not rows:
        raise LabError(f"{path} is empty: a roster begins with a line that names its columns, such as: id,email,name")
    heads = [cell.strip().lower() for cell in rows[0]]
    at = {what: next((heads.index(name) for name in names if name in heads), -1) for what, names in COLUMNS.items()}
    if all(at[what] < 0 for what in ("id", "email", "name", "last")):
        raise LabError(f"{path}: no column says who somebody is; of {', '.join(rows[0])} none is id, email or name")
    students = [_student(row, at) for row in rows[1:]]
    seen: set[str] = set()
    for student in students:
        if student.known_as in seen:
            raise LabError(f"{path}: {student.known_as} is there twice")
        seen.add(student.known_as)
    return students


def _student(row: list[str], at: dict[str, int]) -> Student:
    def cell(what: str) -> str:
        return row[at[what]].strip() if 0 <= at[what] < len(row) else ""

    name = cell("name") or " ".join(filter(None, (cell("first"), cell("last"))))
    return Student(cell("id"), cell("email"), name)


def match(student: str, roster: list[Student]) -> Student | None:
    """The student whom a submission's folder or file names; None if nobody, or more than one, fits."""
    own = re.search(r"\((\d+)\)$", student)
    words = _plain(re.sub(r"\s*\(\d+\)$", "", student))
    for fits in (
        lambda s: own is not None and s.id == own[1],
        lambda s: student in (s.id, s.email, s.name),
        lambda s: s.email and s.email.partition("@")[0].lower() == student.lower(),
        lambda s: _plain(s.name) == words or "".join(sorted(_words(s.name))) == "".join(sorted(_words(student))),
    ):
        found = [each for each in roster if fits(each)]
        if len(found) == 1:
            return found[0]
    return None


def _plain(text: str) -> str:
    """Letters and digits alone, in lower case, without accents: how LMS write names into file names."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart.lower() if c.isalnum())


def _words(text: str) -> list[str]:
    return [_plain(word) for word in re.sub(r"\(\d+\)", "", text).split()]
