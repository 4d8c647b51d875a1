"""What works in a notebook and is no Python: `%time`, `!ls`, `name?`. Students write it; the grader runs plain Python.

The rule: what measures or prints is left out, the statement behind %time stays, and each departure is told with its line.
Nothing is parsed here but strings, comments and brackets: a text that was made to break a parser breaks nothing.
"""

from __future__ import annotations

import re
from typing import Final

BODY_STAYS: Final = ("time", "timeit", "capture", "prun")
"""Cell magics below which Python stands."""
PIECE: Final = re.compile(
    r"""(?P<text>'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?)"""
    r"""|(?P<comment>\#[^\n]*)|(?P<joined>\\\n)|(?P<line>\n)|(?P<opens>[(\[{])|(?P<closes>[)\]}])|[^'"\#\\\n()\[\]{}]+|.""",
    re.DOTALL | re.VERBOSE,
)
MAGIC: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<names>[\w, ]+=[ \t]*)?(?P<sign>!!?|%%?)(?P<word>\w*)(?P<rest>[^\n]*)"
    r"|(?P<help>\?{1,2}[ \t]*[\w.]+|[\w.]+\?{1,2})[ \t]*(?=\n|\Z))"
)
AWAITS: Final = re.compile(r"^(?:\w+ *= *)?(?:await\b|async +(?:for|with)\b)[^\n]*", re.MULTILINE)
OURS: Final = re.compile(r"(?:check|hint)\(")
"""A check of the course that came into the cell when two cells were merged: it is asked anyway, in its own place."""


def plain(source: str) -> tuple[str, list[str]]:
    """A cell's text as Python, with as many lines as before; and what was left out, each in a sentence."""
    told: list[str] = []
    first = re.match(r"\s*%%(\w+)[^\n]*", source)
    if first and first[1] in BODY_STAYS:
        told.append(f"its first line, `{_short(first[0])}`, was left out: the grader runs plain Python")
        source = re.sub(r"%%[^\n]*", "", source, count=1)
    elif first:
        return source, [f"it begins with `{_short(first[0])}`: nothing of this cell is Python, so nothing of it can run"]
    kept, at, depth, line, begins = [], 0, 0, 1, True
    while at < len(source):
        if begins and (magic := MAGIC.match(source, at)):
            kept.append(_instead(magic))
            told.append(f"line {line}, `{_short(magic[0])}`, {_why(magic)}")
            at, begins = magic.end(), False
            continue
        piece = PIECE.match(source, at)
        assert piece is not None
        if begins and depth == 0 and OURS.match(source, at):
            at, text = _past_call(source, at)
            kept.append("pass" + "\n" * text.count("\n"))
            told.append(f"line {line}, `{_short(text)}`, was left out: the grader asks its own checks")
            line += text.count("\n")
            begins = False
            continue
        depth = max(0, depth + bool(piece["opens"]) - bool(piece["closes"]))
        begins = piece["line"] is not None and depth == 0
        line += piece[0].count("\n")
        kept.append(piece[0])
        at = piece.end()
    text = "".join(kept)
    if waits := AWAITS.search(text):
        number = text.count("\n", 0, waits.start()) + 1
        told.append(f"line {number}, `{_short(waits[0])}`, waits outside of a function: that works in a notebook only")
    return text, told


def words_in(source: str) -> set[str]:
    """Every name in a text, but for its comments and strings; what stands in an f-string counts."""
    kept: list[str] = []
    for piece in PIECE.finditer(source):
        formatted = piece["text"] and kept and re.search(r"(?i)(?<!\w)r?fr?$", kept[-1])
        kept.append(" " if piece["comment"] or (piece["text"] and not formatted) else piece[0])
    return set(re.findall(r"[^\W\d]\w*", "".join(kept)))


def _past_call(source: str, at: int) -> tuple[int, str]:
    """Where a call that begins here ends, and its text."""
    begin, depth = at, 0
    while at < len(source):
        piece = PIECE.match(source, at)
        assert piece is not None
        at = piece.end()
        depth += bool(piece["opens"]) - bool(piece["closes"])
        if piece["closes"] and depth == 0:
            break
    return at, source[begin:at]


def _instead(magic: re.Match[str]) -> str:
    """What stands in the place of a line: as far to the right, so that an `if` above it has something to do."""
    if magic["sign"] == "%" and magic["word"] in ("time", "prun") and magic["rest"].strip() and not magic["names"]:
        return str(magic["indent"] + magic["rest"].strip())
    return magic["indent"] + "pass"


def _why(magic: re.Match[str]) -> str:
    if magic["sign"] == "%" and magic["word"] in ("time", "prun") and not magic["names"]:
        return f"was run without its %{magic['word']}"
    if magic["sign"] in ("!", "!!"):
        return "was left out: the grader starts no other programs"
    return "was left out: it is IPython's, and the grader runs plain Python"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return "".join(c if c.isprintable() else "?" for c in (text if len(text) <= 60 else text[:59] + "…"))
