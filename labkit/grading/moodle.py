"""Files that Moodle imports: an assignment's grading worksheet, or a CSV file for the gradebook. One lesson for each file.

If the roster is the worksheet that Moodle gave (an assignment, Submissions, Download grading worksheet), it is filled in: its
columns "Grade" and "Feedback comments" for each student who has a grade, and all else as it was. The importer,
mod/assign/feedback/offline/importgradeslib.php of moodle/moodle (read at commit 452e36fcf5), needs the columns "Identifier"
("Participant 123", the number that a submission's file name carries too), "Grade" and "Last modified (grade)", and takes no
others' places for granted; their names are in the language of the course, and we know the English ones.

From any other roster comes a file for Grades, Import, CSV: map "Email address" (or "ID number") to the user, the lesson's
column to its grade item, and "… (feedback)" to the feedback of it. Its importer, grade/import/csv/classes/load_data.php (read
at commit 0289d8c766), stops at the first user it does not know, so nobody outside of the roster is in it; it tells capitals
in an address from small letters; and docs.moodle.org/405 "Grade import" warns that feedback without a grade loses the grade.
An empty grade takes one away: so a student without a grade has no line.
Not verified here, for want of a Moodle to try: the files were read by nothing but our tests.
"""

from __future__ import annotations

import re
from typing import Any, Final

from labkit.course.syllabus import Lesson
from labkit.errors import LabError
from labkit.grading.exports import Export, feedback
from labkit.grading.roster import Roster
from labkit.grading.tables import csv_text

COMMENTS: Final = "Feedback comments"
WHERE: Final = "in Moodle, the assignment, Submissions, Download grading worksheet; or Participants, Download table data"


def moodle_csv(export: Export) -> str:
    """The file for one lesson.

    Raises:
        LabError: there is no roster, there are several lessons, or Moodle's assignment has other points than the lesson.
    """
    roster = export.known_roster("moodle", WHERE)
    if len(export.lessons) != 1:
        several = ", ".join(str(lesson.number) for lesson in export.lessons)
        raise LabError(f"Moodle imports one assignment from a file, and there are grades of lessons {several}: give --lesson NN")
    (lesson,) = export.lessons
    if roster.worksheet:
        return _worksheet(export, lesson, roster)
    return _gradebook(export, lesson)


def _worksheet(export: Export, lesson: Lesson, roster: Roster) -> str:
    columns = list(roster.columns)
    graded = {student.id: grades[lesson.number] for student, grades in export.matched.pairs if lesson.number in grades}
    if COMMENTS not in columns:
        raise LabError(
            f"{roster.path} has no column {COMMENTS!r}: switch on “Feedback comments” in the assignment's settings, so that "
            "students see the reasons, and download it again"
        )
    table = []
    for student in roster.students:
        cells: dict[str, Any] = dict(student.cells)
        if (grade := graded.get(student.id)) is not None:
            _same_points(cells, export.possible(lesson))
            cells |= {"Grade": export.earned(lesson, grade), COMMENTS: feedback(grade)}
        table.append([cells.get(column, "") for column in columns])
    return csv_text(columns, table)


def _same_points(cells: dict[str, Any], possible: float) -> None:
    most = next((text for column, text in cells.items() if column.lower() == "maximum grade"), "")
    if re.fullmatch(r"\d+([.,]\d+)?", most) and float(most.replace(",", ".")) != possible:
        raise LabError(
            f"in Moodle the assignment is out of {most}, here it is out of {possible:g}: change it there, or give --out-of {most}"
        )


def _gradebook(export: Export, lesson: Lesson) -> str:
    title = f"Lesson {lesson.number}: {lesson.title}"
    table = []
    for student, grades in export.matched.pairs:
        if not (student.email or student.sis or student.id):
            raise LabError(f"Moodle cannot know {student.told} by name: the roster needs their email address or ID number")
        if (grade := grades.get(lesson.number)) is not None:
            who = [student.email, student.sis or student.id, student.name]
            table.append([*who, export.earned(lesson, grade), feedback(grade)])
    return csv_text(["Email address", "ID number", "Full name", title, f"{title} (feedback)"], table)
