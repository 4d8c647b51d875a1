"""A student's own copy of the course: work/, where nothing that they changed is ever overwritten.

Outputs are cleared in the copy, so that a prediction is not spoiled by an answer already on the screen. A manifest keeps
the hash of each file as it was handed out: a file that still has it was not touched and may be brought up to date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from labkit.course.syllabus import Course, Lesson
from labkit.errors import LabError
from labkit.wholefile import write_whole

COPIED: Final = ("notebooks", "exercises")
START: Final = "START-HERE.ipynb"
_MANIFEST: Final = Path(".labkit", "handed-out.json")


@dataclass(frozen=True)
class Change:
    """What was done with one file: "added", "updated" or "kept" (theirs stays; the new version lies beside it)."""

    file: str
    what: str
    beside: str = ""


def update_work(course: Course, work: Path) -> list[Change]:
    """Bring the work folder up to date with the course, and say what changed."""
    if work.resolve() == course.root.resolve():
        raise LabError(f"{work} is the course itself; choose another folder to work in")
    try:
        manifest = _read_manifest(work)
        changes = [change for file, text in _offered(course) if (change := _hand_out(work, manifest, file, text))]
        write_whole(work / _MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        raise LabError(
            f"{error.filename or work} cannot be written: {error.strerror}; choose another folder with --dir"
        ) from None
    return changes


def _offered(course: Course) -> Iterator[tuple[str, str]]:
    """Every file of a fresh work folder, with its text."""
    yield START, _start_here(course)
    for folder in COPIED:
        for path in sorted((course.root / folder).glob("*.ipynb")):
            yield f"{folder}/{path.name}", without_outputs(path.read_text(encoding="utf-8"))
    if (glossary := course.root / "GLOSSARY.md").is_file():
        yield glossary.name, glossary.read_text(encoding="utf-8")


def _hand_out(work: Path, manifest: dict[str, str], file: str, text: str) -> Change | None:
    path, new = work / file, _hash(text)
    handed_out, manifest[file] = manifest.get(file), new
    if not path.exists():
        write_whole(path, text)
        return Change(file, "added")
    mine = _hash(path.read_text(encoding="utf-8", errors="replace"))
    if mine == new:
        return None
    if mine == handed_out:
        write_whole(path, text)
        return Change(file, "updated")
    if new == handed_out:
        return None
    beside = path.with_name(f"{path.stem}.new{path.suffix}")
    write_whole(beside, text)
    return Change(file, "kept", beside.relative_to(work).as_posix())


def without_outputs(text: str) -> str:
    """A notebook's text with every output taken out."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return _notebook_text(notebook)


def _start_here(course: Course) -> str:
    """The first page: which lessons there are, how long each takes, and a link to each notebook."""
    lines = [f"# {course.title}", "", "Open a lesson, run each cell with Shift+Enter, and answer before you look.", ""]
    cells = [_prose("title", lines)]
    linked = [(lesson, list(_links(course, lesson))) for lesson in course.lessons]
    cells += [_prose(f"lesson-{each.number}", [f"## {each.number}. {each.title}", "", *parts]) for each, parts in linked if parts]
    language = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    return _notebook_text({"cells": cells, "metadata": language, "nbformat": 4, "nbformat_minor": 5})


def _links(course: Course, lesson: Lesson) -> Iterator[str]:
    file = f"{lesson.name}.ipynb"
    if (course.root / "notebooks" / file).is_file():
        yield f"[The lesson](notebooks/{file}), about {lesson.minutes} minutes.  "
    if (course.root / "exercises" / file).is_file():
        yield f"[Its exercises](exercises/{file}): " + "; ".join(f"{each.id} {each.title}" for each in lesson.exercises) + "."


def _prose(id: str, lines: list[str]) -> dict[str, Any]:
    source = "\n".join(lines).rstrip().splitlines(keepends=True)
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def _notebook_text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_manifest(work: Path) -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((work / _MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        # Why: without it every file counts as changed by the student, which loses nothing.
        return {}
    return manifest
