"""Small charts as inline SVG: no script, readable in both themes, and in words for those who do not see them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

BINS: Final = 10


def binned(shares: Sequence[float], bins: int = BINS) -> list[int]:
    """How many of these shares, 0 to 1, are in each of so many equal parts; a full share is in the last."""
    counts = [0] * bins
    for share in shares:
        counts[min(bins - 1, max(0, int(share * bins + 1e-9)))] += 1
    return counts


def in_words(counts: Sequence[int], what: str) -> str:
    """The counts as a sentence."""
    step = 100 // len(counts)
    parts = [f"{i * step} to {i * step + step} %: {n}" for i, n in enumerate(counts) if n]
    return f"{what} by share of points: {', '.join(parts) or 'none'}"


def histogram(shares: Sequence[float], what: str) -> str:
    """A distribution with its axis.

    Args:
        shares: one for each, from 0 to 1.
        what: who is counted, such as "students".
    """
    counts = binned(shares)
    most = max([*counts, 1])
    wide, tall, left, top = 480, 150, 10, 18
    step = (wide - 2 * left) / BINS
    bars = "".join(
        f'<rect class="fill" x="{left + i * step + 2:.1f}" y="{top + 100 * (1 - n / most):.1f}" width="{step - 4:.1f}" '
        f'height="{100 * n / most:.1f}"/>'
        f'<text x="{left + (i + 0.5) * step:.1f}" y="{top + 100 * (1 - n / most) - 4:.1f}" text-anchor="middle">{n}</text>'
        for i, n in enumerate(counts)
        if n
    )
    marks = "".join(
        f'<text class="dim" x="{left + part * (wide - 2 * left):.1f}" y="{top + 118}" text-anchor="{anchor}">{part:.0%}</text>'
        for part, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    )
    return (
        f'<svg class="histogram" viewBox="0 0 {wide} {tall}" role="img" font-family="sans-serif" font-size="11">'
        f"<title>{escape(in_words(counts, what))}</title>{bars}"
        f'<path class="base" d="M{left} {top + 101}H{wide - left}"/>{marks}</svg>'
    )


def spark(shares: Sequence[float], what: str) -> str:
    """The same, small, for a line of a table."""
    counts = binned(shares)
    most = max([*counts, 1])
    heights = [max(1.5, 27 * n / most) if n else 0.0 for n in counts]
    bars = "".join(
        f'<rect class="fill" x="{i * 14 + 1}" y="{28 - tall:.1f}" width="12" height="{tall:.1f}"/>'
        for i, tall in enumerate(heights)
        if tall
    )
    return (
        f'<svg class="spark" viewBox="0 0 140 30" role="img"><title>{escape(in_words(counts, what))}</title>'
        f'<path class="base" d="M0 29H140"/>{bars}</svg>'
    )
