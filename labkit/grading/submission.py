"""What was handed in: a folder, a zip file, or a download of an LMS, as one Submission for each student and lesson.

Nothing is read before somebody asks for it, so a class of thousands needs no more memory than one notebook. A zip file is
read member by member and within limits, and nothing of it is ever written to disk: no path in it can point anywhere. Links
are not followed, and what is no plain file is not opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from labkit.errors import LabError
from labkit.grading import lms
from labkit.grading.handedin import found_in
from labkit.grading.notebookfile import NotReadable
from labkit.grading.zipped import Found


@dataclass(frozen=True)
class Submission:
    """One notebook of one student.

    Attributes:
        student: how the folder or the LMS names them.
        number: which of the student's files it is: an LMS may keep several attempts.
        path: where it came from, for messages.
        lesson: number of the lesson by the file's name; 0 if it says none.
        trouble: why it cannot be read, where that is known already.
        handed_in: when the file was last changed, where that is known; of a zip file without a time zone.
    """

    student: str
    path: str
    lesson: int
    fetch: Callable[[], bytes]
    trouble: str = ""
    handed_in: datetime | None = None
    number: int = 1

    def read(self) -> bytes:
        """The file, read now.

        Raises:
            NotReadable: it cannot be.
        """
        if self.trouble:
            raise NotReadable(self.trouble)
        return self.fetch()


def collect(places: list[Path]) -> list[Submission]:
    """Every notebook in these folders, zip files and notebooks, in order of student and file.

    Raises:
        LabError: a place does not exist, or there is no notebook at all.
    """
    found: list[Submission] = []
    for place in places:
        if not place.exists():
            raise LabError(f"{place}: there is no such file or folder")
        found += _submissions(place)
    if not found:
        raise LabError(f"no notebook (.ipynb) found in {', '.join(map(str, places))}, in folders of students or as files of them")
    counts: dict[tuple[str, int], int] = {}
    numbered = []
    for each in sorted(found, key=lambda s: (s.student, s.lesson, _moment(s.handed_in), s.path)):
        counts[each.student, each.lesson] = number = counts.get((each.student, each.lesson), 0) + 1
        numbered.append(replace(each, number=number))
    return numbered


def _submissions(place: Path) -> list[Submission]:
    files = list(found_in(place))
    notebooks = [file for file in files if _is_work(file)]
    naming = lms.naming([file.path for file in notebooks], place)
    mine = [_submission(file, *naming(file.path)) for file in notebooks]
    have = {each.student for each in mine}
    without: dict[str, list[Found]] = {}
    for file in files:
        if not _is_work(file) and len(file.path.parts) > 1 and (student := naming(file.path)[0]) not in have:
            without.setdefault(student, []).append(file)
    return mine + [_nothing(student, others) for student, others in without.items() if mine]


def _is_work(file: Found) -> bool:
    """A notebook, or a zip file that did not come apart."""
    return file.path.suffix.lower() in (".ipynb", ".zip")


def _moment(when: datetime | None) -> float:
    """For sorting: a time in a zip file says no zone, and is taken as this machine's."""
    try:
        return when.timestamp() if when else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _submission(file: Found, student: str, name: str) -> Submission:
    return Submission(student, lms.printable(str(file.path)), lms.lesson_in(name), file.fetch, file.trouble, file.when)


def _nothing(student: str, files: list[Found]) -> Submission:
    """A student who handed in something, and no notebook."""
    names = sorted({lms.printable(file.path.name) for file in files})
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    path = lms.printable(str(PurePosixPath(*files[0].path.parts[:-1])))
    return Submission(student, path, 0, bytes, f"there is no notebook (.ipynb) in it, only {', '.join(names[:3])}{more}")
