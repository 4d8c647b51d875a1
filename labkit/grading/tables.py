"""The gradebook as files that other programs read: CSV for people, Canvas and Moodle, JSON for scripts.

A file is written beside its place and moved there, so that nobody ever reads half of one.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from labkit.grading.gradebook import File, Row


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
    write_whole(path, csv_text(head, table))


def write_json(path: Path, found: list[Grade]) -> None:
    """Everything, for scripts."""
    write_whole(path, json.dumps([asdict(grade) for grade in found], indent=1))


def csv_text(head: list[str], table: Iterable[list[Any]]) -> str:
    """A table as CSV; a text that a spreadsheet would take for a formula gets a quotation mark before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for line in table:
        writer.writerow([f"'{each}" if isinstance(each, str) and each[:1] in tuple("=+-@\t\r") else each for each in line])
    return text.getvalue()


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.write_text(text, encoding="utf-8", errors="backslashreplace")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _natural(exercise: str) -> tuple[int, str]:
    digits = exercise.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits or 0), exercise
