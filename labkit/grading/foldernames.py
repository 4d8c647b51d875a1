"""A student's name as the name of a folder: on every file system, and never two students in one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

BYTES_MOST: Final = 120
"""A file's name may have 255; some file systems count other units."""
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def folder_names(students: Iterable[str]) -> dict[str, str]:
    """Student → folder. Names that differ in case, in accents' spelling or in signs that no file may have are told apart."""
    all_of_them = sorted(set(students))
    bare = {student: _bare(student) for student in all_of_them}
    taken = Counter(_alike(name) for name in bare.values())
    return {
        student: name if name == student and taken[_alike(name)] == 1 else f"{name or 'student'}-{_digest(student)}"
        for student, name in bare.items()
    }


def _bare(student: str) -> str:
    """What is left of a name: no separator, no control or direction sign, nothing that begins or ends with a dot or a space."""
    plain = re.sub(r"[^\w.@() +,-]", "_", unicodedata.normalize("NFC", student))
    plain = plain.encode("utf-8", "ignore")[:BYTES_MOST].decode("utf-8", "ignore").strip(". ")
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


def _alike(name: str) -> str:
    """The same for names that some file system takes for one."""
    return unicodedata.normalize("NFKC", name).casefold()


def _digest(student: str) -> str:
    return hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
