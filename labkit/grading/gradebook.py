"""The gradebook: one SQLite file, in which a result is there whole or not at all.

A result is kept under the key of its work (exercise.Unit.key), so that what was done is never done again: after Ctrl-C, a
crash or a change of another exercise, grading goes on where it was. Tables: result (key → what became of it), graded (each
time that something was graded, never changed: what was done twice is seen there), submission (files, and what was unusual
about them), handed_in (which student's which exercise has which key), decision (a person's, never changed), roster.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from labkit.errors import LabError
from labkit.grading.exercise import Result
from labkit.grading.judge import NOT_GRADED, REVIEW

MARK: Final = 0x6C61626B
"""In the file's head: it is a gradebook, and no other program's data base."""
VERSION: Final = 2
SCHEMA: Final = """
CREATE TABLE result (key TEXT PRIMARY KEY, state TEXT NOT NULL, points REAL NOT NULL, out_of REAL NOT NULL, detail TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE graded (number INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE submission (student TEXT, lesson INTEGER, number INTEGER, path TEXT NOT NULL, digest TEXT NOT NULL, handed_in TEXT,
    trouble TEXT NOT NULL, remarks TEXT NOT NULL, PRIMARY KEY (student, lesson, number)) WITHOUT ROWID;
CREATE TABLE handed_in (student TEXT, lesson INTEGER, number INTEGER, exercise TEXT, key TEXT NOT NULL,
    PRIMARY KEY (student, lesson, number, exercise)) WITHOUT ROWID;
CREATE INDEX handed_in_key ON handed_in (key);
CREATE TABLE decision (number INTEGER PRIMARY KEY AUTOINCREMENT, student TEXT NOT NULL, exercise TEXT NOT NULL,
    key TEXT NOT NULL, points REAL NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE roster (student TEXT PRIMARY KEY) WITHOUT ROWID;
"""
CURES: Final = {
    "SQLITE_FULL": "the disk is full: make room; what is done is kept, and the same command goes on from there",
    "SQLITE_READONLY": "it cannot be written: allow it, or give --out another folder",
    "SQLITE_CANTOPEN": "it cannot be opened or made there: give --out a folder that you may write to",
    "SQLITE_NOTADB": "it is another file, or damaged from its beginning: move it away, or give --out another folder",
    "SQLITE_CORRUPT": "it is damaged, perhaps cut off: move it away; grading anew makes it again (but not a person's decisions)",
    "SQLITE_BUSY": "another program holds it: close that, and give the command again",
    "SQLITE_IOERR": "the disk does not obey: see whether it is full or failing; what is done is kept",
}


@dataclass(frozen=True)
class Row:
    """One student's one exercise, with its result, and the key of its work."""

    student: str
    lesson: int
    number: int
    exercise: str
    result: Result
    key: str = ""


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


@dataclass(frozen=True)
class Decision:
    """What a person decided on one student's one piece of work: a new attempt has another key, and needs a new one."""

    student: str
    exercise: str
    key: str
    points: float
    who: str
    at: str
    why: str

    def __str__(self) -> str:
        return f"{self.points:g} points, decided by {self.who} on {self.at[:10]}: {self.why}"


class Gradebook:
    """A gradebook file.

    Args:
        path: the file; made if it is not there.
        make: make it, if it is not there.

    Raises:
        LabError: it is no gradebook, or of another version, or cannot be used.
    """

    def __init__(self, path: Path, make: bool = True) -> None:
        self.path = path
        self.run = secrets.token_hex(4)
        if not make and not path.is_file():
            raise LabError(f"there is no gradebook {path}: grade first, or say with --out where it is")
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.base = sqlite3.connect(path, timeout=30.0, isolation_level=None)
        try:
            with self._told():
                self._begin()
        except BaseException:
            self.base.close()
            raise

    def _begin(self) -> None:
        ours, version, tables = (
            self.base.execute(question).fetchone()[0]
            for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
        )
        if not tables:
            self.base.execute("PRAGMA journal_mode = WAL")
            head = f"PRAGMA application_id = {MARK}; PRAGMA user_version = {VERSION};"
            self.base.executescript(f"BEGIN; {SCHEMA} {head} COMMIT;")
        elif ours != MARK and version == 0:
            raise LabError(f"{self.path} is another program's data base: move it away, or give --out another folder")
        elif version != VERSION:
            by = "a newer labkit: use that one" if version > VERSION else "an older labkit: move it away, and grade anew"
            raise LabError(f"{self.path} is a gradebook of {by}, or give --out another folder (version {version}, not {VERSION})")
        # Why not FULL: a result that is written outlives its process, whatever kills it. Only when the power fails may the
        # last few be lost (never a part of one), and then they are graded again. To wait for the disk takes 5 ms each.
        self.base.execute("PRAGMA synchronous = NORMAL")
        if (found := self.base.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise LabError(f"{self.path}: {CURES['SQLITE_CORRUPT']} ({found})")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite says, as a sentence with its cure."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            cure = next((cure for known, cure in CURES.items() if name.startswith(known)), "it cannot be used as a gradebook")
            raise LabError(f"{self.path}: {cure} ({error})") from None
        except OSError as error:
            raise LabError(f"{self.path}: {error.strerror}: give --out a folder that you may write to") from None

    def close(self) -> None:
        """Close the file."""
        self.base.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All changes within, or none of them."""
        with self._told():
            self.base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.base.in_transaction:  # a full disk has rolled back already
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

    def forget_but(self, places: Collection[tuple[str, int, int]]) -> None:
        """Of the students and lessons among these places, take out attempts that are there no more."""
        kept, theirs = set(places), {place[:2] for place in places}
        for place in self.base.execute("SELECT student, lesson, number FROM submission").fetchall():
            if place not in kept and place[:2] in theirs:
                for table in ("submission", "handed_in"):
                    self.base.execute(f"DELETE FROM {table} WHERE student = ? AND lesson = ? AND number = ?", place)

    def set_roster(self, students: Iterable[str]) -> None:
        """Who is in the class, so that whoever handed in nothing is there too."""
        self.base.execute("DELETE FROM roster")
        self.base.executemany("INSERT INTO roster VALUES (?)", [(each,) for each in students])

    def roster(self) -> list[str]:
        """Who is in the class; empty if nobody said."""
        return [each for (each,) in self.base.execute("SELECT student FROM roster ORDER BY student")]

    def keep(self, key: str, result: Result) -> None:
        """A result, at once and whole, and that it was graded now."""
        values = (key, result.state, result.points, result.out_of, result.packed())
        with self.together():
            self.base.execute("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)", values)
            self.base.execute("INSERT INTO graded (run, key, at) VALUES (?, ?, ?)", (self.run, key, now()))

    def known(self) -> set[str]:
        """Keys of all work that is done. What this machine could not do may be done by the next one."""
        return {key for (key,) in self.base.execute("SELECT key FROM result WHERE state != ?", (NOT_GRADED,))}

    def decide(self, decision: Decision) -> None:
        """Keep a person's decision; of several on the same work the last counts, and all are kept."""
        self.base.execute("PRAGMA synchronous = FULL")  # no machine can make this again
        with self.together():
            facts = astuple(decision)
            self.base.execute(
                "INSERT INTO decision (student, exercise, key, points, who, at, why) VALUES (?, ?, ?, ?, ?, ?, ?)", facts
            )

    def decisions(self) -> dict[tuple[str, str, str], Decision]:
        """(student, exercise, key) → the decision that counts."""
        query = "SELECT student, exercise, key, points, who, at, why FROM decision ORDER BY number"
        return {line[:3]: Decision(*line) for line in self.base.execute(query)}

    def undecided(self) -> list[Row]:
        """What needs review and waits for a person's decision."""
        decided = self.decisions()
        waits = (row for row in self.rows() if row.result.state == REVIEW)
        return [row for row in waits if (row.student, row.exercise, row.key) not in decided]

    def rows(self) -> Iterator[Row]:
        """Every exercise of every submission that has a result, in order of student, lesson and exercise."""
        query = """SELECT student, lesson, number, exercise, detail, key FROM handed_in JOIN result USING (key)
                   ORDER BY student, lesson, number, exercise"""
        with self._told():
            for student, lesson, number, exercise, detail, key in self.base.execute(query):
                yield Row(student, lesson, number, exercise, Result.unpacked(detail), key)

    def files(self) -> Iterator[File]:
        """Every submission."""
        query = """SELECT student, lesson, number, path, digest, handed_in, trouble, remarks FROM submission
                   ORDER BY student, lesson, number"""
        with self._told():
            for student, lesson, number, path, digest, handed_in, trouble, remarks in self.base.execute(query):
                yield File(student, lesson, number, path, digest, handed_in, trouble, json.loads(remarks))


def now() -> str:
    """This moment, as it is kept."""
    return datetime.now(UTC).isoformat(" ", "seconds")
