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
    plain = [folders for path in paths if not _by_lms(path, {}) and (folders := _folders(path))]
    level = _level(plain)
    parents: dict[tuple[str, int, str], set[PurePosixPath]] = {}
    for path in paths:
        if len(folders := _folders(path)) > level:
            parents.setdefault((folders[level], lesson_in(path.name), path.name), set()).add(PurePosixPath(*folders[:level]))
    twice = {name for (name, _, _), found in parents.items() if len(found) > 1}

    def whose(path: PurePosixPath) -> tuple[str, str]:
        if known := _by_lms(path, people):
            return printable(known[0]), known[1]
        folders = _folders(path)
        if len(folders) > level:
            name = folders[level]
            return printable(" ".join(folders[: level + 1]) if name in twice else _login(name, path, place)), path.name
        before = re.split(r"[_ -]*\d\d_[a-z]", COPY.sub("", path.stem), maxsplit=1)[0]
        alone = place.name if place.is_dir() and len(paths) == 1 else COPY.sub("", path.stem)
        return printable(before or (folders[-1] if folders else alone)), path.name

    return whose


def lesson_in(name: str) -> int:
    """Number of the lesson by a file's name; 0 if it says none."""
    number = re.search(r"(?<!\d)(\d\d)_[a-z]", COPY.sub("", PurePosixPath(name).stem))
    return int(number[1]) if number else 0


def printable(name: str) -> str:
    """A name that can be printed, kept in a database and be a file's name: whoever makes up names harms nobody."""
    name = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "-" for c in name).strip().lstrip(".")
    return name[:100] or "nobody"


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


def _folders(path: PurePosixPath) -> tuple[str, ...]:
    """The folders of a path that may be a student's."""
    return tuple(part for part in path.parts[:-1] if not LESSON.fullmatch(part) and part.lower() not in WRAPPERS)


def _level(paths: list[tuple[str, ...]]) -> int:
    """Which of the folders is the student's: of those that every path has, the one with the most different names.

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
