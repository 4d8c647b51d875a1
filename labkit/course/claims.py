"""What people say about threads, claim by claim: the words, the verdict, and the cell that shows it.

The claims are data (claims.toml): lessons quote them, the claims test asks for them twice, and a test holds each against the
lessons. Most verdicts are one of the four marks that a student can give; the others say in which way a claim is partly right.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from labkit.course.syllabus import CourseError

CLAIMS_FILE: Final = Path(__file__).with_suffix(".toml")

MARKS: Final = ("true", "partly", "outdated", "wrong")
"""What a student can say of a claim."""

VERDICTS: Final = {
    "true": "true",
    "partly": "partly true",
    "outdated": "outdated: it was true once",
    "wrong": "wrong as said",
    "ambiguous": "ambiguous: true in one sense, wrong in the other",
    "advice": "advice: there is nothing to be true",
    "slip": "true but for a slip of the pen",
    "mixed": "one half true, the other outdated",
}
"""What the course says of a claim, and in words."""


@dataclass(frozen=True)
class Claim:
    """Something that people say about threads, and what became of it when it was run."""

    id: str
    """A letter for who says it and a number: "A4"."""
    says: str
    lessons: tuple[int, ...]
    """The lessons that take it up; the last one settles it."""
    verdict: str
    treatment: str
    """What is true, in one sentence."""
    source: str
    experiment: str
    """Lesson and cell that show it: "04/claim-a4"."""
    also: tuple[str, ...] = ()
    """Marks that are not wrong either."""

    @property
    def anchor(self) -> str:
        """Id of the cell in which a lesson takes it up."""
        return f"claim-{self.id.lower()}"

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that agree with the verdict, the nearest first; what is right in a way of its own is partly true."""
        own = self.verdict if self.verdict in MARKS else "partly"
        return (own, *(mark for mark in self.also if mark != own))


def load_claims(path: Path = CLAIMS_FILE) -> tuple[Claim, ...]:
    """Read all claims, in the order in which people say them.

    Raises:
        CourseError: the file is not as it should be; the message names the claim.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path}: {error}") from None
    claims = tuple(_claim(f"{path}: claim {entry.get('id', '?')}", entry) for entry in data.get("claim", []))
    ids = [each.id for each in claims]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise CourseError(f"{path}: claim {twice[0]} is there twice")
    return claims


def claim(id: str) -> Claim:
    """The claim with that id, in either case: claim("a4").

    Raises:
        LookupError: there is no such claim.
    """
    for each in load_claims():
        if each.id == id.upper():
            return each
    raise LookupError(f"there is no claim {id!r}; there are {', '.join(each.id for each in load_claims())}")


def _claim(where: str, entry: dict[str, Any]) -> Claim:
    known = {field.name for field in fields(Claim)}
    if strange := sorted(set(entry) - known):
        raise CourseError(f"{where}: unknown field {strange[0]!r}; it has {', '.join(sorted(known))}")
    for name in sorted(known):
        kind: type = list if name in ("lessons", "also") else str
        value = entry.get(name, [] if name == "also" else None)
        if not isinstance(value, kind) or not (value or name == "also"):
            raise CourseError(f"{where}: {name} is {'missing' if value is None else f'{value!r}, not what is meant there'}")
    lists = {"lessons": tuple(entry["lessons"]), "also": tuple(entry.get("also", ()))}
    made = Claim(**{**entry, **lists})
    for fault, found in {
        f"id is a letter and a number, not {made.id!r}": not re.fullmatch(r"[A-F][1-9]\d?", made.id),
        f"verdict {made.verdict!r} is none of {', '.join(VERDICTS)}": made.verdict not in VERDICTS,
        f"also: marks are {', '.join(MARKS)}": not set(made.also) <= set(MARKS),
        f"experiment {made.experiment!r} is no cell of its lessons; say it as 04/claim-a4": not _in_a_lesson(made),
    }.items():
        if found:
            raise CourseError(f"{where}: {fault}")
    return made


def _in_a_lesson(made: Claim) -> bool:
    found = re.fullmatch(r"(\d\d)/[a-z0-9]+(-[a-z0-9]+)*", made.experiment)
    return bool(found and int(found[1]) in made.lessons)
