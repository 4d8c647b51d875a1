"""Whose file it is: the ways in which Moodle, Canvas, Gradescope, GitHub Classroom, nbgrader and people name submissions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

MOODLE: Final = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)(_|$)")
CANVAS: Final = re.compile(r"(?P<name>[^_\W]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")
CLASSROOM: Final = re.compile(r"(?P<assignment>.+)-submissions(?:-.*)?")
GRADESCOPE: Final = re.compile(r"submission_\d+")
COPY: Final = re.compile(r"[ _-]*(\(\d+\)|-\d+|-Copy\d+)$")
LESSON: Final = re.compile(r"(\d\d)_[a-z0-9_]+")
WRAPPERS: Final = ("submitted", "submissions", "autograded", "downloads")
METADATA: Final = "submission_metadata.yml"
METADATA_MOST: Final = 4 << 20

Naming = Callable[[PurePosixPath], tuple[str, str]]
"""Path of a file → its student, and what the student called it."""


def naming(paths: list[PurePosixPath], place: Path) -> Naming:
    """How files are named in one place: a rule for all of them, so that nobody's work becomes another's.

    Args:
        paths: of all notebooks, below the place.
        place: the folder or file that they were found in.
    """
    people = _gradescope(place / METADATA)
    skip = 0 if place.is_dir() else 1  # a zip file's own name is nobody's
    plain = [names for path in paths if not _by_lms(path, {}) and (names := _names(path, skip))]
    level = _level(plain)
    twice = _twice(paths, skip, level)

    def whose(path: PurePosixPath) -> tuple[str, str]:
        if known := _by_lms(path, people):
            return file_safe(known[0]), known[1]
        names = _names(path, skip)
        if len(names) > level:
            name = names[level]
            return file_safe(" ".join(names[: level + 1]) if name in twice else _login(name, path, place)), path.name
        alone = place.name if place.is_dir() and len(paths) == 1 else COPY.sub("", path.stem)
        return file_safe(names[-1] if names else alone), path.name

    return whose


def lesson_in(name: str) -> int:
    """Number of the lesson by a file's name; 0 if it says none."""
    number = re.search(r"(?<!\d)(\d\d)_[a-z]", COPY.sub("", PurePosixPath(name).stem))
    return int(number[1]) if number else 0


def file_safe(name: str) -> str:
    """A name that may be a file's: whoever makes up names harms nobody."""
    return "".join("-" if c in '/\\:*?"<>|' else c for c in printable(name)).strip().lstrip(".")[:100] or "nobody"


def printable(name: str) -> str:
    """A name that can be printed and kept in a database."""
    return "".join(c if c.isprintable() else "-" for c in name)


def _by_lms(path: PurePosixPath, people: dict[str, str]) -> tuple[str, str] | None:
    """Student and file name, where an LMS has written them into the path."""
    for part in path.parts:
        if match := MOODLE.match(part):
            return f"{match['name']} ({match['id']})", path.name
        if GRADESCOPE.fullmatch(part) and part in people:
            return people[part], path.name
    if match := CANVAS.match(path.name):
        return f"{match['name']} ({match['id']})", match["file"]
    return None


def _names(path: PurePosixPath, skip: int) -> tuple[str, ...]:
    """What may be the student's name: the folders of a path, and the beginning of the file's name, as in ada_06_races.ipynb."""
    folders = [part for part in path.parts[skip:-1] if not LESSON.fullmatch(part) and part.lower() not in WRAPPERS]
    before = re.match(r"(.+?)[_ -]+\d\d_[a-z]", path.stem)
    return (*folders, before[1]) if before else tuple(folders)


def _twice(paths: list[PurePosixPath], skip: int, level: int) -> set[str]:
    """Names that two students seem to have: the same file is there under two parents."""
    parents: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for path in paths:
        if len(names := _names(path, skip)) > level:
            parents.setdefault((names[level], path.name), set()).add(names[:level])
    return {name for (name, _), found in parents.items() if len(found) > 1}


def _level(paths: list[tuple[str, ...]]) -> int:
    """Which of the names is the student's: of those that every path has, the one with the most different values.

    Why: section/student/x.ipynb and student/assignment/x.ipynb look alike; but there are more students than assignments.
    """
    depth = min(map(len, paths), default=0)
    return max(range(depth), key=lambda level: len({path[level] for path in paths}), default=0)


def _login(name: str, path: PurePosixPath, place: Path) -> str:
    """GitHub Classroom's assignment-login, in its folder assignment-submissions."""
    for folder in (*path.parts[:-1], place.name.removesuffix(".zip")):
        match = CLASSROOM.fullmatch(folder)
        if match and name.startswith(match["assignment"] + "-"):
            return name.removeprefix(match["assignment"] + "-")
    return name


def _gradescope(file: Path) -> dict[str, str]:
    """Folder → student, by the few lines of Gradescope's own file that matter: the first submitter's name and number."""
    try:
        if not file.is_file() or file.is_symlink() or file.stat().st_size > METADATA_MOST:
            return {}
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    found: dict[str, str] = {}
    for entry in re.split(r"^(?=submission_\d+:)", text, flags=re.MULTILINE):
        folder = re.match(r"submission_\d+", entry)
        facts = {
            key: value.strip(" '\"")
            for key, value in reversed(re.findall(r"^[ -]*:(name|sid|email): *(.*)$", entry, re.MULTILINE))
        }
        if folder and (name := facts.get("name") or facts.get("email")):
            found[folder[0]] = f"{name} ({facts['sid']})" if facts.get("sid") else name
    return found
