"""What connects the cards of a picture of memory: arrows from pointers, and the address space as a bar below them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from labkit.views.base import count
from labkit.views.cards import LEFT, NARROW, SHARED, WIDE, Cards, Item

BAR: Final = 40
"""Height of the bar."""
LABEL: Final = {WIDE: 56, NARROW: 44}
"""Width of a stretch that has its name in it, by the width of the picture."""
GAP: Final = {WIDE: 14, NARROW: 5}
OWN_MOST: Final = {WIDE: 8, NARROW: 2}
"""Stacks that have a stretch each."""


class Arrow(NamedTuple):
    """From a cell to what it points to; its path, and "shared", "gone" or "" for what is at its end."""

    start: str
    end: str
    path: str
    mark: str


class Segment(NamedTuple):
    """One stretch of the bar; a stack's guard page is the hatched left end of it."""

    key: str
    x: int
    wide: int
    name: str
    guard: bool


def arrows(cards: Cards) -> Iterator[Arrow]:
    """An arrow for every pointer to something that is drawn."""
    by_key = {item.key: item for item in cards.items}
    for number, item in enumerate(item for item in cards.items if item.to in by_key):
        end = by_key[item.to]
        yield Arrow(
            item.key, end.key, _way(item, end, number, len(cards.columns) - 1), end.mark if end.mark in ("shared", "gone") else ""
        )


def _way(item: Item, end: Item, number: int, last: int) -> str:
    """The way of one arrow, through the room between the columns; `number` keeps arrows apart."""
    on_left = item.column == last or (item.column == SHARED and end.column == LEFT)  # right of the last column is no room
    way = -1 if on_left else 1
    same = item.column == end.column
    x0 = item.x if on_left else item.x + item.wide
    x1 = end.x if on_left == same else end.x + end.wide
    y0, y1 = item.middle, end.middle
    if same:
        out = way * (max(way * x0, way * x1) + 14 + 5 * (number % 6))
        return f"M{x0} {y0}C{out} {y0} {out} {y1} {x1} {y1}"
    if SHARED in (item.column, end.column):
        bend = (x0 + x1) // 2
        return f"M{x0} {y0}C{bend} {y0} {bend} {y1} {x1} {y1}"
    lane = 3 + 3 * (number % 3)  # over the top of the middle column
    near, far = x0 + way * (12 + 4 * (number % 6)), x1 - way * (12 + 4 * (number % 6))
    up = f"H{near - way * 5}Q{near} {y0} {near} {y0 - 5}V{lane + 5}Q{near} {lane} {near + way * 5} {lane}"
    down = f"H{far - way * 5}Q{far} {lane} {far} {lane + 5}V{y1 - 5}Q{far} {y1} {far + way * 5} {y1}H{x1}"
    return f"M{x0} {y0}{up}{down}"


def bar(cards: Cards, wide: int = WIDE) -> list[Segment]:
    """The address space of a C program, low addresses first, as it is on Linux as a rule; not to scale."""
    picture = cards.picture
    if picture.language != "C" or not cards.threads:
        return []
    kinds = {area.kind: area for area in picture.areas if not area.thread}
    stacks = {area.thread: area for area in picture.areas if area.kind == "stack"}
    low = [kinds[kind] for kind in ("text", "rodata", "data", "bss", "heap") if kind in kinds]
    own = [stacks[thread] for thread in cards.threads[:0:-1] if thread in stacks]
    high = [area for area in (kinds.get("library"), stacks.get(cards.threads[0])) if area]
    label, gap = LABEL[wide], GAP[wide]
    room = wide - 8 - label * (len(low) + len(high)) - 2 * gap
    names = {"library": "libraries" if wide == WIDE else "libs"}
    many = len(own) > OWN_MOST[wide]
    each = room if many else min(60, room // max(1, len(own)))
    segments, x = [], 4
    for areas, one in ((low, label), (own[:1] if many else own, each), (high, label)):
        for area in areas:
            name = area.thread if area.kind == "stack" else names.get(area.kind, area.title)
            name = count(len(own), "stack") if many and areas[0] is own[0] else name
            segments.append(Segment(area.key, x, one, name, bool(area.guard_pages)))
            x += one
        x += gap
    return segments
