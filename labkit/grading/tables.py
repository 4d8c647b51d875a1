"""The gradebook as files that other programs read: CSV for people and spreadsheets, JSON for scripts.

A CSV file is UTF-8 and begins with a byte order mark, for without one Excel takes it for the alphabet of its country.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from labkit.grading.gradebook import File, Row
from labkit.wholefile import write_whole

BOM: Final = "\ufeff"
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What a text must not begin with, or a spreadsheet takes it for a formula (CWE-1236; OWASP ASVS 1.2.10). The last four are the
full-width forms of the first; that a spreadsheet takes these too is said, and was not tried here."""

MOODLE_EMPTY: Final = "-"
"""An empty cell as Moodle writes it; alone it is no formula."""


@dataclass(frozen=True)
class Grade:
    """One student's one lesson: the attempt that counts.

    Attributes:
        student: as the submissions name them.
        lesson: its number.
        number: which attempt counts, and `attempts`, of how many.
        points: sum of the exercises.
        out_of: what could be had.
        review: points more, if a person decides so.
        rows: each exercise.
        file: the submission.
        before: points before what lateness costs.
        days_late: of the attempt that counts.
        why: why this attempt, and what its lateness costs.
    """

    student: str
    lesson: int
    number: int
    attempts: int
    points: float
    out_of: float
    review: float
    rows: tuple[Row, ...]
    file: File
    before: float = 0.0
    days_late: int = 0
    why: str = ""


def write_csv(path: Path, found: list[Grade]) -> None:
    """One line for each student and lesson: points of each exercise, the sum, states other than passed, and remarks."""
    exercises = sorted({row.exercise for grade in found for row in grade.rows}, key=_natural)
    head = [
        "student",
        "lesson",
        "points",
        "out_of",
        "before_late",
        "days_late",
        "needs_review",
        "attempt",
        "of_attempts",
        "handed_in",
        *exercises,
        "states",
        "decisions",
        "why",
        "remarks",
    ]
    table = []
    for grade in found:
        each = {row.exercise: row.result for row in grade.rows}
        states = "; ".join(f"{id} {result.state}" for id, result in each.items() if result.state != "passed")
        decided = "; ".join(f"{id} {result.decided}" for id, result in each.items() if result.decided)
        told = [grade.file.trouble, *(text for texts in grade.file.remarks.values() for text in texts)]
        earned = [each[id].points if id in each else "" for id in exercises]
        remarks = "; ".join(filter(None, told))
        table.append(
            [grade.student, grade.lesson, grade.points, grade.out_of, grade.before, grade.days_late, grade.review or "",
             grade.number, grade.attempts, grade.file.handed_in, *earned, states, decided, grade.why, remarks]
        )  # fmt: skip
    write_whole(path, BOM + csv_text(head, table))


def csv_text(head: list[str], table: Iterable[list[Any]]) -> str:
    """A table as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # Why: RFC 4180 says so, and Excel then keeps a newline inside of a cell
    writer.writerow(list(map(defused, head)))
    writer.writerows([defused(each) for each in line] for line in table)
    return text.getvalue()


def defused(cell: Any) -> Any:
    """A cell that no spreadsheet runs: a number as it is, a text without what would make it a formula."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) and text != MOODLE_EMPTY else text


def _natural(exercise: str) -> tuple[int, str]:
    digits = exercise.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits) if digits.isdecimal() else 0, exercise
