"""Whose file it is: the ways in which Moodle, Canvas, Gradescope, GitHub Classroom, nbgrader and people name submissions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from statistics import median
from typing import Final

MOODLE: Final = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)(_|$)")
CANVAS: Final = re.compile(r"(?P<name>[^_\W]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")
CLASSROOM: Final = re.compile(r"(?P<assignment>.+)-submissions(?:-.*)?")
COPY: Final = re.compile(r"[ _-]*(\(\d+\)|-\d+|-Copy\d+)$")
LESSON: Final = re.compile(r"(\d\d)_[a-z0-9_]+")
WRAPPERS: Final = ("submitted", "submissions", "autograded", "downloads")
METADATA: Final = "submission_metadata.yml"
METADATA_MOST: Final = 4 << 20

Naming = Callable[[PurePosixPath], tuple[str, str]]
"""Path of a file → its student, and what the student called it."""


def naming(paths: list[PurePosixPath], place: Path) -> Naming:
    """How files are named in one place: a rule for all of them, so that nobody's work becomes another's.

    Why one rule: who packs a folder called ada into a zip file of his own has not handed in for Ada.

    Args:
        paths: of all notebooks, below the place.
        place: the folder or file that they were found in.
    """
    people = _gradescope(place / METADATA)
    skip = 0 if place.is_dir() else 1  # a zip file's own name is nobody's
    level = _level([names for path in paths if (names := _names(path, skip))])
    twice = _twice(paths, skip, level)

    def whose(path: PurePosixPath) -> tuple[str, str]:
        names = _names(path, skip)
        called = match["file"] if (match := CANVAS.match(path.name)) else path.name
        if len(names) <= level:
            alone = place.name if place.is_dir() and len(paths) == 1 else COPY.sub("", path.stem)
            return file_safe(names[-1] if names else alone), called
        name = names[level]
        if moodle := MOODLE.match(name):
            name = f"{moodle['name']} ({moodle['id']})"
        elif name in twice:
            name = " ".join(names[: level + 1])
        return file_safe(people.get(name) or _login(name, path, place)), called

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


def _names(path: PurePosixPath, skip: int) -> tuple[str, ...]:
    """What may be the student's name: the folders of a path, and the beginning of the file's name, as in ada_06_races.ipynb."""
    folders = [part for part in path.parts[skip:-1] if not LESSON.fullmatch(part) and part.lower() not in WRAPPERS]
    if canvas := CANVAS.match(path.name):
        return (*folders, f"{canvas['name']} ({canvas['id']})")
    before = MOODLE.match(path.name) or re.match(r".+?(?=[_ -]+\d\d_[a-z])", path.stem)
    return (*folders, before[0]) if before else tuple(folders)


def _twice(paths: list[PurePosixPath], skip: int, level: int) -> set[str]:
    """Names that two students seem to have: the same file is there under two parents."""
    parents: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for path in paths:
        if len(names := _names(path, skip)) > level:
            parents.setdefault((names[level], path.name), set()).add(names[:level])
    return {name for (name, _), found in parents.items() if len(found) > 1}


def _level(paths: list[tuple[str, ...]]) -> int:
    """Which of the names is the student's: the outermost one, unless that is a wrapping or a section of the class.

    Why medians: section/student and student/assignment look alike, but students are each in one section only, and many of
    them. What one student packs into a folder of his own must not change it for the others.
    """
    depth = min(map(len, paths), default=0)
    shared = next((level for level in range(depth) if len({path[level] for path in paths}) > 1), depth)
    level = shared if shared < depth else 0
    while level + 1 < depth:
        inside: dict[str, set[str]] = {}
        for path in paths:
            inside.setdefault(path[level], set()).add(path[level + 1])
        groups = Counter(name for names in inside.values() for name in names)
        many = median(len(names) for names in inside.values())
        own = median(sum(groups[name] == 1 for name in names) / len(names) for names in inside.values())
        if many <= 1 or own <= 0.5:
            break
        level += 1
    return level


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
