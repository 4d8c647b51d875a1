"""Claims as a list and as a table: where each is met, and when the time has come its verdict and what was thought of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from labkit.course.claims import VERDICTS, Claim

WIDE: Final = 130
"""Characters in a line of text."""

_STYLE: Final = (
    "<style>.labkit-claims {border-collapse: collapse; line-height: 1.35} .labkit-claims td, .labkit-claims th "
    "{text-align: left !important; vertical-align: top; padding: 3px 6px !important; white-space: normal}</style>"
)

Marks = Mapping[str, str]
"""id of a claim → the mark that a student gave it."""


def where(claim: Claim) -> str:
    """The lessons that take a claim up, in words."""
    return f"lesson{'s' if len(claim.lessons) > 1 else ''} {' and '.join(map(str, claim.lessons))}"


def agrees(claim: Claim, mark: str | None) -> str:
    """A mark with a sign: ✓ if the course says so, too; – if nothing was marked."""
    return "–" if mark is None else f"{'✓' if mark in claim.marks else '✗'} {mark}"


def as_text(claims: Iterable[Claim], verdicts: bool = False, before: Marks | None = None, after: Marks | None = None) -> str:
    """One claim after the other, each with its lesson; on request with its verdict, and with what was marked twice."""
    lines = []
    for each in claims:
        lines += textwrap.wrap(f"{each.id:4}{each.says} ({where(each)})", WIDE, subsequent_indent="    ")
        if before is not None and after is not None:
            lines.append(f"    before: {agrees(each, before.get(each.id))}   after: {agrees(each, after.get(each.id))}")
        if verdicts:
            verdict = f"{VERDICTS[each.verdict]}. {each.treatment}"
            lines += textwrap.wrap(verdict, WIDE, initial_indent="    → ", subsequent_indent="      ")
    return "\n".join(lines)


def as_html(claims: Iterable[Claim], verdicts: bool = False, before: Marks | None = None, after: Marks | None = None) -> str:
    """The same as a table: a row for each claim, and below it what the course says, so that it fits a narrow page, too."""
    twice = before is not None and after is not None
    heads = ["", "claim", *(["before", "after"] if twice else []), "lesson"]
    rows = []
    for each in claims:
        cells = [escape(each.id), escape(each.says)]
        if before is not None and after is not None:
            old, new = before.get(each.id), after.get(each.id)
            cells += [_mark(each, old), f"<b>{_mark(each, new)}</b>" if old != new else _mark(each, new)]
        rows.append("".join(f"<td>{cell}</td>" for cell in [*cells, ", ".join(map(str, each.lessons))]))
        if verdicts:
            words = f"<b>{escape(VERDICTS[each.verdict])}.</b> {escape(each.treatment)}"
            rows.append(f'<td></td><td colspan="{len(heads) - 1}">→ {words}</td>')
    head = "".join(f"<th>{head}</th>" for head in heads)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'{_STYLE}<table class="labkit-claims"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _mark(claim: Claim, mark: str | None) -> str:
    return f'<span style="white-space: nowrap">{escape(agrees(claim, mark))}</span>'
