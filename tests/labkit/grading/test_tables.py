"""Tables that a spreadsheet opens: every text comes back as it was, and none of them runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.grading.exercise import Result
from labkit.grading.gradebook import File, Row
from labkit.grading.tables import FORMULA, Grade, csv_text, defused, write_csv

texts = st.text(st.characters(codec="utf-8")) | st.sampled_from(
    ["=1+1", "+x", "-2+3|cmd", "@SUM(A1)", "\tx", " =x", 'a"b', "a,b\nc"]
)


@settings(deadline=None)
@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_every_text_comes_back_and_none_is_a_formula(table: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], table), newline="")))
    assert read[0] == ["a", "b"]
    for line, back in zip(table, read[1:], strict=True):
        for cell, came in zip(line, back, strict=True):
            assert came == "-" or not came.lstrip(" ").startswith(FORMULA)
            assert came.removeprefix("'") == cell.replace("\0", "").removeprefix("'")


def test_numbers_stay_numbers() -> None:
    assert [defused(each) for each in (-1.5, 0, "-", "-1.5")] == [-1.5, 0, "-", "'-1.5"]


def grade(student: str, lesson: int, points: dict[str, float], trouble: str = "") -> Grade:
    """A grade as the gradebook gives it."""
    rows = tuple(Row(student, lesson, 1, id, Result(id, "passed" if got else "failed", got, 2.0)) for id, got in points.items())
    file = File(student, lesson, 1, "f.ipynb", "d", "2026-11-24 01:02:03", trouble, {})
    return Grade(student, lesson, 1, 1, sum(points.values()), 2.0 * len(points), 0.0, rows, file)


def test_gradebook_opens_in_a_spreadsheet_with_its_columns_in_order(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    write_csv(path, [grade("Zoë", 10, {"10a": 2.0}), grade("=cmd", 2, {"2b": 0.0, "2a": 2.0}), grade("x", 0, {}, "cut off")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfstudent,lesson,points")
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [name for name in table[0] if name[0].isdigit()] == ["2a", "2b", "10a"]
    assert [line["student"] for line in table] == ["Zoë", "'=cmd", "x"]
    assert (table[1]["states"], table[2]["remarks"], table[0]["handed_in"]) == ("2b failed", "cut off", "2026-11-24 01:02:03")
