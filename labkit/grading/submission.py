"""What was handed in: a folder, a zip file, or a download of an LMS, as one Submission for each student and lesson.

A zip file is read in memory, member by member and within limits; nothing of it is ever written to disk, so no path in it can
point anywhere. A link in a folder is not followed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from labkit.errors import LabError
from labkit.grading.notebookfile import BYTES_MOST

MEMBERS_MOST: Final = 20_000
ZIP_DEPTH_MOST: Final = 1
"""A zip file of zip files is what some LMS gives; another one inside is no submission."""
MOODLE: Final = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_file(_|$)")
CANVAS: Final = re.compile(r"(?P<name>[^_\W]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")
COPY: Final = re.compile(r"[ _-]*(\(\d+\)|-\d+|-Copy\d+)$")
LESSON: Final = re.compile(r"(\d\d)_[a-z0-9_]+")


@dataclass(frozen=True)
class Submission:
    """One notebook of one student.

    Attributes:
        student: how the folder or the LMS names them.
        number: which of the student's files it is: an LMS may keep several attempts.
        path: where it came from, for messages.
        lesson: number of the lesson by the file's name; 0 if it says none.
        data: the file; None if it could not be taken, and then `trouble` says why.
        handed_in: when the file was last changed, where that is known; of a zip file without a time zone.
    """

    student: str
    path: str
    lesson: int
    data: bytes | None
    trouble: str = ""
    handed_in: datetime | None = None
    number: int = 1


@dataclass
class _File:
    """A file as it was found: its path below the root, and how to read it."""

    path: PurePosixPath
    data: bytes | None
    trouble: str = ""
    when: datetime | None = None
    inside: list[str] = field(default_factory=list)


def collect(places: list[Path]) -> list[Submission]:
    """Every notebook in these folders, zip files and notebooks, in order of student and file.

    Raises:
        LabError: a place does not exist, or there is no notebook at all.
    """
    found: list[Submission] = []
    for place in places:
        if not place.exists():
            raise LabError(f"{place}: there is no such file or folder")
        root = place if place.is_dir() else place.parent
        found += [_submission(file) for file in _files(place, root)]
    if not found:
        raise LabError(f"no notebook (.ipynb) found in {', '.join(map(str, places))}, in folders of students or as files of them")
    counts: dict[tuple[str, int], int] = {}
    numbered = []
    for each in sorted(found, key=lambda s: (s.student, s.lesson, _moment(s.handed_in), s.path)):
        counts[each.student, each.lesson] = number = counts.get((each.student, each.lesson), 0) + 1
        numbered.append(Submission(each.student, each.path, each.lesson, each.data, each.trouble, each.handed_in, number))
    return numbered


def _moment(when: datetime | None) -> float:
    """For sorting: a time in a zip file says no zone, and is taken as this machine's."""
    return when.timestamp() if when else 0.0


def _files(place: Path, root: Path) -> Iterator[_File]:
    if place.is_dir():
        for child in sorted(place.iterdir()):
            if not child.name.startswith(".") and child.name != "__MACOSX":
                yield from _files(child, root)
        return
    path = PurePosixPath(place.relative_to(root).as_posix())
    suffix = place.suffix.lower()
    if suffix not in (".ipynb", ".zip"):
        return
    if place.is_symlink():
        yield _File(path, None, "it is a link to another file, and links are not followed")
    elif suffix == ".ipynb":
        yield _read(place, path)
    else:
        yield from _in_zip(place, path)


def _read(place: Path, path: PurePosixPath) -> _File:
    try:
        status = place.stat()
        if status.st_size > BYTES_MOST:
            return _File(
                path, None, f"the file has {status.st_size >> 20} MB; at most {BYTES_MOST >> 20} are read: clear its outputs"
            )
        return _File(path, place.read_bytes(), "", datetime.fromtimestamp(status.st_mtime, UTC))
    except OSError as error:
        return _File(path, None, f"it cannot be read: {error.strerror}")


def _in_zip(place: Path, path: PurePosixPath) -> Iterator[_File]:
    try:
        with zipfile.ZipFile(place) as archive:
            yield from _members(archive, path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        yield _File(path, None, f"the zip file cannot be read: {error}")


def _members(archive: zipfile.ZipFile, path: PurePosixPath) -> Iterator[_File]:
    members = [each for each in archive.infolist() if not each.is_dir() and each.filename.lower().endswith(".ipynb")]
    if len(members) > MEMBERS_MOST:
        yield _File(path, None, f"the zip file holds {len(members):,} notebooks; at most {MEMBERS_MOST:,} are read")
        return
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        parts = [part for part in name.parts if part not in ("/", "..", ".")]
        if not parts or parts[0] == "__MACOSX" or parts[-1].startswith("."):
            continue
        inside = path.with_suffix("") / PurePosixPath(*parts)
        trouble = ""
        if ".." in name.parts or name.is_absolute() or re.match(r"[A-Za-z]:", member.filename):
            trouble = f"the zip file names it {member.filename!r}, a place outside of it"
        elif member.external_attr >> 16 & 0o170000 == 0o120000:
            trouble = "in the zip file it is a link, and links are not followed"
        elif member.flag_bits & 1:
            trouble = "it is encrypted: hand it in without a password"
        elif member.file_size > BYTES_MOST:
            trouble = f"unpacked it has {member.file_size >> 20} MB; at most {BYTES_MOST >> 20} are read: clear its outputs"
        data = None
        if not trouble:
            try:
                with archive.open(member) as stream:
                    data = stream.read(BYTES_MOST + 1)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
                trouble = f"it cannot be unpacked: {error}"
        if data is not None and len(data) > BYTES_MOST:
            data, trouble = (
                None,
                f"unpacked it has more than {BYTES_MOST >> 20} MB, though the zip file says {member.file_size:,} bytes",
            )
        yield _File(inside, data, trouble, datetime(*member.date_time))


def _submission(file: _File) -> Submission:
    student, name = _whose(file.path)
    stem = COPY.sub("", PurePosixPath(name).stem)
    number = re.search(r"(?<!\d)(\d\d)_[a-z]", stem)
    return Submission(student, str(file.path), int(number[1]) if number else 0, file.data, file.trouble, file.when)


def _whose(path: PurePosixPath) -> tuple[str, str]:
    """Student and file name, by the ways in which folders of submissions are made."""
    for part in path.parts[:-1]:
        if match := MOODLE.match(part):
            return f"{match['name']} ({match['id']})", path.name
    if match := MOODLE.match(path.name):
        return f"{match['name']} ({match['id']})", path.name
    if match := CANVAS.match(path.name):
        return f"{match['name']} ({match['id']})", match["file"]
    folders = [part for part in path.parts[:-1] if not LESSON.fullmatch(part)]
    if folders:
        return folders[-1], path.name
    stem = COPY.sub("", path.stem)
    before = re.split(r"[_-]?\d\d_[a-z]", stem, maxsplit=1)[0]
    return before or stem, path.name
