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

from labkit.grading.gradebook import File, Gradebook, Row
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


def grades(book: Gradebook) -> list[Grade]:
    """Of each student and lesson, the last attempt that could be read; if none could, the last."""
    rows: dict[tuple[str, int, int], list[Row]] = {}
    for row in book.rows():
        rows.setdefault((row.student, row.lesson, row.number), []).append(row)
    attempts: dict[tuple[str, int], list[File]] = {}
    for file in book.files():
        attempts.setdefault((file.student, file.lesson), []).append(file)
    found = []
    for (student, lesson), files in attempts.items():
        file = next((each for each in reversed(files) if not each.trouble), files[-1])
        mine = tuple(rows.get((student, lesson, file.number), ()))
        points, out_of = sum(row.result.points for row in mine), sum(row.result.out_of for row in mine)
        review = sum(row.result.earns - row.result.points for row in mine)
        found.append(Grade(student, lesson, file.number, len(files), round(points, 2), out_of, round(review, 2), mine, file))
    return found


def write_csv(path: Path, found: list[Grade]) -> None:
    """One line for each student and lesson: points of each exercise, the sum, states other than passed, and remarks."""
    exercises = sorted({row.exercise for grade in found for row in grade.rows}, key=_natural)
    head = [
        "student",
        "lesson",
        "points",
        "out_of",
        "needs_review",
        "attempt",
        "of_attempts",
        "handed_in",
        *exercises,
        "states",
        "remarks",
    ]
    table = []
    for grade in found:
        each = {row.exercise: row.result for row in grade.rows}
        states = "; ".join(f"{id} {result.state}" for id, result in each.items() if result.state != "passed")
        remarks = [grade.file.trouble, *(text for texts in grade.file.remarks.values() for text in texts)]
        earned = [each[id].points if id in each else "" for id in exercises]
        table.append(
            [grade.student, grade.lesson, grade.points, grade.out_of, grade.review or "", grade.number, grade.attempts,
             grade.file.handed_in, *earned, states, "; ".join(filter(None, remarks))]
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
