"""The frame of every page that the grader writes: one file, readable offline, with no script and nothing from elsewhere.

The policy in its head allows one style sheet, known by its digest, and nothing else: should a student's text ever slip through
unescaped, it could neither run, nor load, nor restyle anything. What came from a student passes `told` first.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

LINE_MOST: Final = 400
LINES_MOST: Final = 120
"""Of one text that a student's program wrote: who needs more runs the program."""
_ANSI: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_STYLE: Final = re.compile(r' style="[^"<>]*"')
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src '{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>{title}</title><style>{css}</style></head>
<body class="{kind}"><a class="skip" href="#main">Skip to the content</a>
{body}
</body></html>
"""


def page(title: str, body: str, kind: str) -> str:
    """A whole page.

    Args:
        title: plain text.
        body: HTML with one <main id="main">.
        kind: "feedback" or "report".
    """
    css, digest = _style()
    return _PAGE.format(title=escape(plain(title, 200)), body=body, kind=kind, css=css, digest=digest)


@cache
def _style() -> tuple[str, str]:
    css = "\n" + Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    return css, "sha256-" + b64encode(hashlib.sha256(css.encode()).digest()).decode()


def plain(text: str, most: int = LINE_MOST) -> str:
    """A student's text on one line, in characters that one can see, cut with a note; not escaped yet."""
    seen = _seen(text).replace("\n", " ").replace("\t", " ")
    return seen if len(seen) <= most else f"{seen[:most]}… ({len(seen):,} characters)"


def told(text: str, most: int = LINE_MOST) -> str:
    """The same, as HTML."""
    return escape(plain(text, most))


def code(text: str, most: int = LINE_MOST) -> str:
    """A student's or the course's Python on one line, as HTML; its direction is its own."""
    return f"<code>{told(text, most)}</code>"


def block(text: str) -> str:
    """A student's text of several lines, as HTML: long lines and long texts are cut with a note."""
    lines = _seen(text).split("\n")
    kept = [line if len(line) <= LINE_MOST else f"{line[:LINE_MOST]}… ({len(line):,} characters)" for line in lines[:LINES_MOST]]
    if len(lines) > LINES_MOST:
        kept.append(f"… and {len(lines) - LINES_MOST:,} more lines")
    return f'<pre tabindex="0">{escape(chr(10).join(kept))}</pre>'


def _seen(text: str) -> str:
    """Without terminal colours; whatever else cannot be seen, or turns the reading direction, as its number."""
    text = _ANSI.sub("", text[: 4 * LINE_MOST * LINES_MOST].replace("\r\n", "\n"))
    return "".join(c if c.isprintable() or c in "\n\t" else _number(c) for c in text)


def _number(c: str) -> str:
    return f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}" if ord(c) < 65536 else f"\\U{ord(c):08x}"


def svg(drawn: str) -> str:
    """A picture of ours as the page's policy wants it: without style attributes."""
    return _STYLE.sub("", drawn)


def bar(part: float, words: str, kind: str = "bar") -> str:
    """A share as a small bar; the words say the same.

    Args:
        part: from 0 to 1.
        words: what it says to those who do not see it.
        kind: its class.
    """
    wide = 100 * min(1.0, max(0.0, part))
    return (
        f'<svg class="{kind}" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{escape(words)}">'
        f'<rect class="rail" width="100" height="8"/><rect class="fill" width="{wide:.4g}" height="8"/></svg>'
    )
