"""A file that Canvas's gradebook imports (Grades, Import).

The rules are those of its importer, lib/gradebook_importer.rb of instructure/canvas-lms (read at commit 00b222d77e):
the first column's name holds "Student", the second "ID", then come "SIS User ID" and "SIS Login ID", and the last before the
assignments is "Section"; a column "Title (123)" is assignment 123, one without such a number is by its title, else a new one;
a line that begins with "Points Possible" sets what an assignment is out of; a student is looked up by ID, then SIS User ID,
SIS Login ID, and at last by name. A cell left empty takes a grade away that is there: so a student without a grade here has
no line, and an empty cell gets what the roster had, if it is Canvas's own export (Grades, Export), which is the best roster.
Not verified here, for want of a Canvas to try: the file was read by nothing but our tests. Canvas takes no comments this way.
"""

from __future__ import annotations

import re
from typing import Final

from labkit.course.syllabus import Lesson
from labkit.errors import LabError
from labkit.grading.exports import Export
from labkit.grading.roster import Roster, Student
from labkit.grading.tables import csv_text

HEAD: Final = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
NUMBERED: Final = re.compile(r"(.*)\s\((\d+)\)")
WHERE: Final = "in Canvas, Grades, Export, Export Entire Gradebook"


def canvas_csv(export: Export) -> str:
    """The gradebook's lines, in the roster's order.

    Raises:
        LabError: there is no roster, or an assignment in Canvas has other points than the lesson.
    """
    roster = export.known_roster("canvas", WHERE)
    columns = {lesson.number: column(lesson, roster) for lesson in export.lessons}
    for lesson in export.lessons:
        _same_points(lesson, columns[lesson.number], export, roster)
    table: list[list[object]] = [["    Points Possible", "", "", "", "", *(export.possible(lesson) for lesson in export.lessons)]]
    for student, grades in export.matched.pairs:
        cells = [
            export.earned(lesson, grades[lesson.number])
            if lesson.number in grades
            else student.cells.get(columns[lesson.number], "")
            for lesson in export.lessons
        ]
        table.append([*_who(student, roster), *cells])
    return csv_text([*HEAD, *columns.values()], table)


def column(lesson: Lesson, roster: Roster) -> str:
    """The assignment that is this lesson's: a column of the roster, if one names the lesson; else a new one.

    Raises:
        LabError: it may be any of several.
    """
    found = [each for each in roster.columns if (match := NUMBERED.fullmatch(each)) and _is_of(lesson, match[1])]
    if len(found) > 1:
        raise LabError(f"{roster.path}: lesson {lesson.number} may be any of {', '.join(found)}: rename all but one in Canvas")
    return found[0] if found else f"Lesson {lesson.number}: {lesson.title}"


def _is_of(lesson: Lesson, title: str) -> bool:
    number = re.match(r"(?:lesson|exercises?|assignment|homework|lab)\s*#?0*(\d+)\b", title.strip(), re.IGNORECASE)
    return (number is not None and int(number[1]) == lesson.number) or lesson.title in title or lesson.name in title


def _same_points(lesson: Lesson, column: str, export: Export, roster: Roster) -> None:
    text = roster.points.get(column, "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text) and float(text) != export.possible(lesson):
        raise LabError(
            f"in Canvas {column!r} is out of {text}, here lesson {lesson.number} is out of {export.possible(lesson):g}: "
            f"change it there, or give --out-of {text}"
        )


def _who(student: Student, roster: Roster) -> list[str]:
    """The five columns that say who it is. An id that is not Canvas's own number belongs into the registrar's column."""
    own, sis = (student.id, student.sis) if roster.canvas else ("", student.sis or student.id)
    return [student.name, own, sis, student.login or student.email, student.section]
