"""Which student a submission belongs to: its folder's or file's name, looked up in the roster.

Nobody is guessed: where two students fit, none is taken. What cannot be matched is told, in both directions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labkit.grading.roster import Roster, Student
from labkit.grading.tables import Grade

_NUMBER = re.compile(r"\s*\((\d+)\)$")
"""The number that Canvas and Moodle write into a file's name; submission.py puts it here."""


class Matcher:
    """Looks up students by the strongest sign first: the LMS's number, then id or email as it is, then the name."""

    def __init__(self, roster: Sequence[Student]) -> None:
        self.numbered = isinstance(roster, Roster) and (roster.canvas or roster.worksheet)
        self.signs: dict[tuple[int, str], list[Student]] = {}
        for student in roster:
            for sign in set(_signs(student)):
                self.signs.setdefault(sign, []).append(student)

    def find(self, submitter: str) -> Student | None:
        """The student whom a submission names; None if nobody fits, or more than one."""
        bare = _NUMBER.sub("", submitter)
        if number := _NUMBER.search(submitter):
            numbered = self.signs.get((0, number[1]), [])
            # Why: in the registrar's list that number may be another student's id; there the name must agree.
            if len(numbered) == 1 and (self.numbered or not numbered[0].name or numbered[0] in self._by_name(bare)):
                return numbered[0]
        for sign in ((1, submitter), (1, bare), (2, bare.casefold())):
            if found := self.signs.get(sign):
                return found[0] if len(found) == 1 else None
        named = self._by_name(bare)
        return named[0] if len(named) == 1 else None

    def _by_name(self, name: str) -> list[Student]:
        words = _words(name)
        return self.signs.get((3, "".join(words))) or self.signs.get((4, " ".join(sorted(words)))) or []


def _signs(student: Student) -> Iterator[tuple[int, str]]:
    """How a student may be named, each with its rank."""
    if student.id:
        yield 0, student.id
    yield from ((1, text) for text in (student.id, student.sis, student.email, student.login, student.name) if text)
    for address in filter(None, (student.email.casefold(), student.login.casefold())):
        yield 2, address
        yield 2, address.partition("@")[0]
    if words := _words(student.name):
        # Why: “Lovelace, Ada” and “Ada Lovelace”, “von Neumann, John” and “John von Neumann” are turns of the same words.
        yield from ((3, "".join(words[turn:] + words[:turn])) for turn in range(len(words)))
        yield 4, " ".join(sorted(words))


def _words(name: str) -> list[str]:
    """A name's words in small letters without accents: how LMS write names into file names."""
    apart = unicodedata.normalize("NFKD", name.replace("_", " ")).casefold()
    return [word for part in re.split(r"[\s,;.]+", apart) if (word := "".join(c for c in part if c.isalnum()))]


@dataclass(frozen=True)
class Matched:
    """Grades and students brought together, and what could not be.

    Attributes:
        pairs: each student of the roster who has a grade, in its order, with the grade of each lesson.
        strangers: submissions that belong to nobody in the roster, or perhaps to two.
        absent: students without a submission.
        doubled: a student with several submissions to one lesson under different names; none of them is taken.
    """

    pairs: list[tuple[Student, dict[int, Grade]]]
    strangers: list[str]
    absent: list[Student]
    doubled: list[tuple[Student, int, list[str]]]


def match(grades: list[Grade], roster: Sequence[Student]) -> Matched:
    """Each grade to its student."""
    matcher, place = Matcher(roster), {id(student): i for i, student in enumerate(roster)}
    theirs: list[dict[int, list[Grade]]] = [{} for _ in roster]
    found = Matched([], [], [], [])
    for grade in grades:
        if (student := matcher.find(grade.student)) is not None:
            theirs[place[id(student)]].setdefault(grade.lesson, []).append(grade)
        elif grade.student not in found.strangers:
            found.strangers.append(grade.student)
    for student, lessons in zip(roster, theirs, strict=True):
        if not lessons:
            found.absent.append(student)
        found.doubled.extend((student, n, [each.student for each in more]) for n, more in lessons.items() if len(more) > 1)
        if single := {n: more[0] for n, more in lessons.items() if len(more) == 1}:
            found.pairs.append((student, single))
    return found
