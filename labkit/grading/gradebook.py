"""The gradebook: one SQLite file, in which a result is there whole or not at all.

A result is kept under the key of its work (exercise.Unit.key), so that what was done is never done again: after Ctrl-C, a
crash or a change of another exercise, grading goes on where it was. Tables: result(key → what became of it), handed_in (which
student's which exercise has which key), submission (files, and what was unusual about them).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.errors import LabError
from labkit.grading.exercise import Result
from labkit.grading.judge import NOT_GRADED

VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE result (key TEXT PRIMARY KEY, state TEXT NOT NULL, points REAL NOT NULL, out_of REAL NOT NULL, detail TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE submission (student TEXT, lesson INTEGER, number INTEGER, path TEXT NOT NULL, digest TEXT NOT NULL, handed_in TEXT,
    trouble TEXT NOT NULL, remarks TEXT NOT NULL, PRIMARY KEY (student, lesson, number)) WITHOUT ROWID;
CREATE TABLE handed_in (student TEXT, lesson INTEGER, number INTEGER, exercise TEXT, key TEXT NOT NULL,
    PRIMARY KEY (student, lesson, number, exercise)) WITHOUT ROWID;
CREATE INDEX handed_in_key ON handed_in (key);
"""


@dataclass(frozen=True)
class Row:
    """One student's one exercise, with its result."""

    student: str
    lesson: int
    number: int
    exercise: str
    result: Result


@dataclass(frozen=True)
class File:
    """One submission as it was found."""

    student: str
    lesson: int
    number: int
    path: str
    digest: str
    handed_in: str
    trouble: str
    remarks: dict[str, list[str]]


class Gradebook:
    """A gradebook file.

    Args:
        path: the file; made if it is not there.

    Raises:
        LabError: it is no gradebook, or of another version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.base = sqlite3.connect(path, timeout=30.0, isolation_level=None)
            self.base.execute("PRAGMA journal_mode = WAL")
            self.base.execute("PRAGMA synchronous = FULL")
            (version,) = self.base.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self.base.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
            elif version != VERSION:
                raise LabError(f"{path} is a gradebook of version {version}; this labkit writes {VERSION}: use another --out")
        except sqlite3.Error as error:
            raise LabError(f"{path} cannot be used as a gradebook: {error}") from None
        except OSError as error:
            raise LabError(f"{path}: {error.strerror}") from None

    def close(self) -> None:
        """Close the file."""
        self.base.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All changes within, or none of them."""
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.base.execute("ROLLBACK")
            raise
        self.base.execute("COMMIT")

    def enter(self, file: File, keys: dict[str, str]) -> None:
        """A submission, and for each exercise the key of its work; what stood there before is replaced."""
        place = (file.student, file.lesson, file.number)
        self.base.execute("DELETE FROM handed_in WHERE student = ? AND lesson = ? AND number = ?", place)
        facts = (*place, file.path, file.digest, file.handed_in, file.trouble, json.dumps(file.remarks))
        self.base.execute("INSERT OR REPLACE INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?)", facts)
        self.base.executemany("INSERT INTO handed_in VALUES (?, ?, ?, ?, ?)", [(*place, *item) for item in keys.items()])

    def forget_all_but(self, places: Iterable[tuple[str, int, int]], lessons: Iterable[int]) -> None:
        """Take out submissions to these lessons that are not among those just found."""
        kept, graded = set(places), set(lessons)
        for place in self.base.execute("SELECT student, lesson, number FROM submission").fetchall():
            if tuple(place) not in kept and place[1] in graded:
                for table in ("submission", "handed_in"):
                    self.base.execute(f"DELETE FROM {table} WHERE student = ? AND lesson = ? AND number = ?", place)

    def keep(self, key: str, result: Result) -> None:
        """A result, at once and whole."""
        values = (key, result.state, result.points, result.out_of, result.packed())
        self.base.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)", values)

    def known(self) -> set[str]:
        """Keys of all work that is done. What this machine could not do may be done by the next one."""
        return {key for (key,) in self.base.execute("SELECT key FROM result WHERE state != ?", (NOT_GRADED,))}

    def rows(self) -> Iterator[Row]:
        """Every exercise of every submission that has a result, in order of student, lesson and exercise."""
        query = """SELECT student, lesson, number, exercise, detail FROM handed_in JOIN result USING (key)
                   ORDER BY student, lesson, number, exercise"""
        for student, lesson, number, exercise, detail in self.base.execute(query):
            yield Row(student, lesson, number, exercise, Result.unpacked(detail))

    def files(self) -> Iterator[File]:
        """Every submission."""
        query = """SELECT student, lesson, number, path, digest, handed_in, trouble, remarks FROM submission
                   ORDER BY student, lesson, number"""
        for student, lesson, number, path, digest, handed_in, trouble, remarks in self.base.execute(query):
            yield File(student, lesson, number, path, digest, handed_in, trouble, json.loads(remarks))
