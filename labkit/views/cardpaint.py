"""The still picture of memory: cards and arrows as SVG, and how much of a name has room in them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from labkit.views.cards import Cards, Item
from labkit.views.still import INK, box, clean, cut, label
from labkit.views.ways import Arrow, Segment, arrows

CHAR_PX: Final = 6.6
"""Width of a character, about; names that are longer than their room are cut."""


def paint(cards: Cards) -> Iterator[str]:
    """Cards, then arrows above them."""
    for item in cards.items:
        name, value = words_of(item)
        x, y, end = item.x, item.y, item.x + item.wide
        if item.level == 0:
            stroke = INK["run"] if item.mark == "private" else INK["can"]
            yield box(x, y, item.wide, item.tall, f'rx="4" fill="#fafafa" stroke="{stroke}" stroke-width="1.5"')
            yield label(x + 6, y + 14, name, 'font-weight="bold" fill="#111"')
            yield label(x + 6, y + 30, value, 'font-size="10" fill="#555"') if value else ""
        elif item.level == 1:
            dash = ' stroke-dasharray="4 3"' if item.mark == "gone" else ""
            yield box(x, y, item.wide, item.tall, f'rx="2" fill="none" stroke="#999"{dash}')
            yield label(
                x + 6, y + 13, ("◆ " if item.mark == "shared" else "") + name, 'font-size="11" font-style="italic" fill="#222"'
            )
            yield label(end - 5, y + 13, value, 'font-size="10" text-anchor="end" fill="#555"') if value else ""
        elif item.level == 2:
            faded = ' opacity=".6"' if item.mark == "gone" else ""
            yield label(x + 6, y + 13, ("◆ " if item.mark == "shared" else "") + name, f'font-size="11" fill="#111"{faded}')
            yield label(end - 6, y + 13, value, f'font-size="11" text-anchor="end" fill="#111"{faded}') if value else ""
        else:
            yield box(x, y, item.wide, item.tall, f'fill="url(#lk-hatch)" stroke="{INK["wait"]}"')
            yield label(x + item.wide / 2, y + 10, name, 'font-size="9" text-anchor="middle" fill="#111"')
    for arrow in arrows(cards):
        yield _line(arrow)


def _line(arrow: Arrow) -> str:
    ink, wide = (INK["can"], 2.4) if arrow.mark == "shared" else (INK["wait"] if arrow.mark == "gone" else "#555", 1.3)
    dash = ' stroke-dasharray="4 3"' if arrow.mark == "gone" else ""
    ends = 'marker-start="url(#lk-dot)" marker-end="url(#lk-tip)"'
    return f'<path d="{arrow.path}" fill="none" stroke="{ink}" stroke-width="{wide}"{dash} {ends}/>'


def paint_bar_segment(segment: Segment, y: float) -> str:
    """One stretch of the address space."""
    name = fit(segment.name, segment.wide - 6 * segment.guard)
    guard = box(segment.x, y, 6, 18, f'fill="url(#lk-hatch)" stroke="{INK["wait"]}"') if segment.guard else ""
    middle = 'text-anchor="middle" font-size="10" fill="#111"'
    return (
        box(segment.x, y, segment.wide, 18, 'fill="#fafafa" stroke="#777"') + guard
        + label(segment.x + segment.wide / 2 + 3 * segment.guard, y + 13, name, middle)
    )  # fmt: skip


DEFINITIONS: Final = (
    '<defs><marker id="lk-tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L6 3L0 6z" fill="context-stroke"/></marker>'
    '<marker id="lk-dot" viewBox="0 0 6 6" refX="3" refY="3" markerWidth="6" markerHeight="6" '
    'markerUnits="userSpaceOnUse"><circle cx="3" cy="3" r="3" fill="context-stroke"/></marker>'
    '<pattern id="lk-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="2" height="5" fill="{escape(INK["wait"])}" fill-opacity=".5"/></pattern></defs>'
)


def fit(words: str, wide: float) -> str:
    """Words that fit into so many pixels, in the small letters of the bar."""
    return cut(clean(words), max(1, int(wide / 6)))


def words_of(item: Item) -> tuple[str, str]:
    """Name and value, cut so that both have room in one line; a card's remark has a line of its own."""
    room = int((item.wide - 18) / CHAR_PX)
    if item.level in (0, 3):
        return cut(clean(item.name), room), cut(clean(item.value), room + 2)
    name = cut(clean(item.name), max(8, room - min(len(item.value) + 2, 14) if item.value else room))
    return name, cut(clean(item.value), max(3, room - len(name) - 2))
