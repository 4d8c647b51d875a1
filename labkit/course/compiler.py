"""What the compiler says of a cell of C, at the lines of the cell.

gcc tells of a mistake where it stumbled, and with the kernel's macros that is often some header. A student can mend only what
stands in the cell: so each complaint is put where the cell led into it, and the way through the headers is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_PLACE: Final = re.compile(
    r"(?P<file>[^\s:]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<kind>fatal error|error|warning|note): (?P<text>.*)"
)
_EXCERPT: Final = re.compile(r" *\d* \|")
_ON_THE_WAY: Final = re.compile(
    r"In file included from |\s+from \S+:\d+[,:]|\S+: In function |\S+: At top level:|cc1: |compilation terminated\."
    r"|\d+ (?:warnings?|errors?).* generated\.|(?:\S*ld: )?\S+: in function |collect2: |>>> "
)
"""Lines that only say how the compiler came to a place."""
_SAID_ENOUGH: Final = ("in expansion of macro ", "in definition of macro ", "each undeclared identifier is reported only once")
"""Notes that say no more than the complaint does."""
_NO_MAIN: Final = "error: the program has no main()"
_NOWHERE: Final = r"\g<place>: error: \g<name> is declared, but defined nowhere"
_TWICE: Final = r"\g<place>: error: labkit's machine has a \g<name> too: write `static` before yours, or choose another name"
_LLD: Final = r"^ld\.lld: error: (?:undefined|duplicate) symbol: "
_LINKER: Final = (
    (r"^.*: undefined reference to [`']main'$", _NO_MAIN),
    (r"^(?:\S*ld: )?(?:\./)?(?P<place>\S+\.c:\d+): undefined reference to [`'](?P<name>.+)'$", _NOWHERE),
    (r"^.*: multiple definition of [`'](?P<name>\w+)'; (?:\S+\.o:)?(?:\./)?(?P<place>\S+\.c:\d+): first defined here$", _TWICE),
    (rf"{_LLD}main$", _NO_MAIN),
    (rf"{_LLD}(?P<name>\w+)\n>>> referenced by (?P<place>\S+\.c:\d+).*$", _NOWHERE),
    (rf"{_LLD}(?P<name>\w+)\n>>> defined at (?P<place>\S+\.c:\d+).*$", _TWICE),
)
"""What the linkers of gcc and of zig say, and the same in the compiler's form."""


@dataclass
class _Said:
    """One thing that the compiler said: where, what, and the lines it showed."""

    file: str
    line: int
    kind: str
    text: str
    excerpt: list[str] = field(default_factory=list)
    notes: list[_Said] = field(default_factory=list)


def at_the_cell(said: str, name: str) -> str:
    r"""The compiler's text with every complaint at a line of the cell, errors before warnings.

    Args:
        said: what gcc and the tools after it wrote.
        name: name of the module: the cell was compiled as name.c, its lines numbered as in the cell.

    >>> print(at_the_cell("lab.c: In function 'f':\nlab.c:3:8: error: no x\n    3 | return x;\n      |        ^", "lab"))
    line 3: error: no x
        3 | return x;
          |        ^
    """
    for pattern, form in _LINKER:
        said = re.sub(pattern, form, said, flags=re.MULTILINE)
    parts = list(_read(said))
    parts.sort(key=lambda part: isinstance(part, _Said) and part.kind == "warning")
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else _lines(part, f"{name}.c")))


def _read(said: str) -> Iterator[_Said | str]:
    """The complaints, each with its notes; what has another form is given as it is."""
    now: _Said | None = None
    last: _Said | None = None
    for line in said.splitlines():
        if found := _PLACE.fullmatch(line):
            last = _Said(found["file"], int(found["line"]), found["kind"], found["text"])
            if found["kind"] == "note" and now:
                now.notes.append(last)
                continue
            if now:
                yield now
            now = last
        elif last and _EXCERPT.match(line):
            last.excerpt.append(line.rstrip())
        elif not _ON_THE_WAY.match(line) and line.strip():
            if now:
                yield now
            now = last = None
            yield line
    if now:
        yield now


def _lines(said: _Said, file: str) -> Iterator[str]:
    """A complaint at the first place in the cell that has to do with it, then the notes that are about the cell."""
    here = next((part for part in (said, *said.notes) if part.file == file), None)
    place = f"line {here.line}" if here else f"{said.file.rpartition('/include/')[2]}, line {said.line}"
    yield f"{place}: {said.kind}: {said.text}"
    yield from (here or said).excerpt
    for note in said.notes:
        in_cell = note.file == file
        if not note.text.startswith(_SAID_ENOUGH) and (in_cell or note.text.startswith("expected ")):
            yield f"line {note.line}: note: {note.text}" if in_cell else f"note: {note.text}"
            yield from note.excerpt if in_cell and here is not note else ()
