"""Stacks and heap: what each thread has for itself, what all of them share, and which names lead there.

The stacks stand left and right, what belongs to everybody stands between them. A picture that is stored has no address in it,
because addresses differ from run to run; the live one asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from html import escape
from typing import Any, ClassVar, Final

from labkit.memory import Area, Box, Cell, Picture
from labkit.views.base import AWKWARD, View, count
from labkit.views.cards import BAR, WIDE, Arrow, Cards, Item, Segment
from labkit.views.still import INK, box, clean, cut, label, still

SCENE_PX: Final = (150, 560)
"""Least and greatest height of the picture; a taller one scrolls."""
TEXT_LINES: Final = 120
PAGE_MAX_CHARS: Final = 60_000
"""Data that text/html carries."""
CHAR_PX: Final = 6.6
"""Width of a character, about; names that are longer than their room are cut."""


class Memory(View):
    """The memory of one run at one moment, or at several.

    Args:
        pictures: what was seen, in order.
        title: words above the picture.

    >>> counter = Area("bss", "bss", ".bss", boxes=[Box("b", "", [Cell("c", "counter", "0", shared_by=("A", "B"))])])
    >>> print(Memory([Picture([Area("s", "stack", "stack of A", "A"), counter], ["A"], language="C")]).text())
    stack and heap: 1 thread, 1 variable, 1 of them shared
    one thread's own
      stack of A
    everybody's
      .bss
        counter = 0, shared by A, B
    """

    name: ClassVar[str] = "memory"
    heading: ClassVar[str] = "stack and heap"

    def __init__(self, pictures: list[Picture], title: str = "") -> None:
        super().__init__(title)
        self.pictures = pictures or [Picture()]

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        return {
            "empty": partial(cls, []),
            "usual": lambda: cls([sample("x")]),
            "awkward": lambda: cls([sample(AWKWARD), sample("x")]),
            "8 threads": lambda: cls([sample("x", 8)]),
            "20 threads": lambda: cls([sample("x" * 90, 20)]),
        }

    @cached_property
    def cards(self) -> list[Cards]:
        """Each picture, laid out."""
        return [Cards(picture) for picture in self.pictures]

    @cached_property
    def start(self) -> int:
        """The picture that shows most."""
        return max(range(len(self.cards)), key=lambda i: (len(self.cards[i].items), -i))

    @property
    def _scene(self) -> int:
        return min(max(SCENE_PX[0], *(cards.tall for cards in self.cards)), SCENE_PX[1])

    @property
    def _bar(self) -> int:
        return BAR if any(cards.bar for cards in self.cards) else 0

    @property
    def height(self) -> int:
        return 32 + self._scene + self._bar + 56 + 36 + 4

    @property
    def fits_a_page(self) -> bool:
        return len(self.data()) <= PAGE_MAX_CHARS

    def describe(self) -> str:
        seen = self.pictures[self.start]
        if not seen.areas:
            return "nothing was seen"
        moments = [f"{len(self.pictures)} moments"] if len(self.pictures) > 1 else []
        if seen.language == "C":
            cells = [found.cell for found in seen.all() if found.cell]
            shared = sum(bool(cell.shared_by) for cell in cells)
            what = [count(len(cells), "variable"), *([f"{shared} of them shared"] if shared else [])]
        else:
            boxes = [found.box for found in seen.all() if found.box and not found.cell and found.area.kind == "heap"]
            shared = sum(bool(box.shared_by) for box in boxes)
            what = [f"{count(len(boxes), 'thing')} on the heap", *([f"{shared} of them shared"] if shared else [])]
        return ", ".join([*moments, count(len(seen.threads), "thread"), *what])

    # ---- the text twin

    def text(self) -> str:
        """Areas, boxes and variables as an indented list, for each moment."""
        lines = [self.words]
        for number, picture in enumerate(self.pictures, 1):
            if len(self.pictures) > 1 or picture.moment:
                lines.append(f"moment {number}: {picture.moment}".rstrip(": "))
            own = [area for area in picture.areas if area.thread]
            rest = [area for area in picture.areas if not area.thread]
            for title, areas in (("one thread's own", own), ("everybody's", rest)):
                lines += [title] if areas else []
                lines += [line for area in areas for line in _area_lines(picture, area)]
        if len(lines) > TEXT_LINES:
            lines = [*lines[:TEXT_LINES], f"… and {len(lines) - TEXT_LINES} more lines"]
        return "\n".join(cut(clean(line.rstrip()), 140) for line in lines)

    # ---- the live picture

    def pack(self) -> dict[str, Any]:
        return {
            "wide": WIDE, "scene": self._scene, "bar": self._bar, "start": self.start,
            "pictures": [{"moment": p.moment, **_pack(cards)} for p, cards in zip(self.pictures, self.cards, strict=True)],
        }  # fmt: skip

    def reply(self, ask: str) -> str:
        """What is true for this run only, a dictionary for each picture. Why asked for: no stored form must have it."""
        return json.dumps([picture.details for picture in self.pictures])

    # ---- the still picture

    def svg(self) -> str:
        """The moment that shows most."""
        cards = self.cards[self.start]
        body = [DEFINITIONS, *(f'<g transform="translate(0 20)">{part}</g>' for part in ["".join(_drawn(cards))])]
        y = 20 + cards.tall
        if cards.bar:
            body.append(label(4, y + 8, "address space, low addresses first, not to scale", 'font-size="10" opacity=".7"'))
            body += [_segment(segment, y + 12) for segment in cards.bar]
            y += BAR
        words = "◆ and a thick arrow: reached by more than one thread. Dashed: of a function that has returned."
        body.append(label(4, y + 12, words, 'font-size="11" opacity=".8"'))
        moment = self.pictures[self.start].moment
        words = f"{self.words}; {moment}" if moment else self.words
        return still(
            WIDE, y + 18, cut(clean(words), 110), "Stacks of threads left and right, what all share in the middle.", "".join(body)
        )


def _area_lines(picture: Picture, area: Area) -> Iterator[str]:
    """An area in the text twin."""
    notes = [area.note, f"{count(area.guard_pages, 'guard page')} below it" if area.guard_pages else ""]
    note = ", ".join(filter(None, notes))
    yield f"  {area.title}{f': {note}' if note else ''}"
    for thing in area.boxes:
        if thing.title:
            yield f"    {thing.title}{', has returned' if thing.gone else ''}{_sharing(thing.shared_by)}"
        for cell in thing.cells:
            also = f" (also {', '.join(cell.also)})" if cell.also else ""
            to = f" → {picture.where(cell.to, cell.key)}" if cell.to else ""
            value = f" = {cell.value}" if cell.value and not to else f" ({cell.value})" if cell.value else ""
            yield f"    {'  ' if thing.title else ''}{cell.name}{also}{to}{value}{_sharing(cell.shared_by)}"


def _sharing(threads: tuple[str, ...]) -> str:
    return f", shared by {', '.join(threads)}" if threads else ""


def _pack(cards: Cards) -> dict[str, Any]:
    """Items and arrows as lists, arrows by the items' numbers."""
    number = {item.key: n for n, item in enumerate(cards.items)}
    return {
        "tall": cards.tall,
        "items": [
            [i.key, i.level, i.column, i.x, i.y, i.wide, i.tall, *_words(i), i.mark, number.get(i.to, -1), i.says]
            for i in cards.items
        ],
        "arrows": [[number[a.start], number[a.end], a.path, a.mark] for a in cards.arrows],
        "segments": [
            [number.get(s.key, -1), round(s.x, 1), round(s.wide, 1), _fit(s.name, s.wide - 6 * s.guard), s.guard]
            for s in cards.bar
        ],
    }


def _fit(words: str, wide: float) -> str:
    return cut(clean(words), max(1, int(wide / 6)))


def _words(item: Item) -> tuple[str, str]:
    """Name and value, cut so that both have room in one line; a card's remark has a line of its own."""
    room = int((item.wide - 18) / CHAR_PX)
    if item.level in (0, 3):
        return cut(clean(item.name), room), cut(clean(item.value), room + 2)
    name = cut(clean(item.name), max(8, room - min(len(item.value) + 2, 14) if item.value else room))
    return name, cut(clean(item.value), max(3, room - len(name) - 2))


def _drawn(cards: Cards) -> Iterator[str]:
    """Cards, then arrows above them."""
    for item in cards.items:
        name, value = _words(item)
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
    for arrow in cards.arrows:
        yield _line(arrow)


def _line(arrow: Arrow) -> str:
    ink, wide = (INK["can"], 2.4) if arrow.mark == "shared" else (INK["wait"] if arrow.mark == "gone" else "#555", 1.3)
    dash = ' stroke-dasharray="4 3"' if arrow.mark == "gone" else ""
    return f'<path d="{arrow.path}" fill="none" stroke="{ink}" stroke-width="{wide}"{dash} marker-start="url(#lk-dot)" marker-end="url(#lk-tip)"/>'


def _segment(segment: Segment, y: float) -> str:
    name = _fit(segment.name, segment.wide - 6 * segment.guard)
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


def sample(name: str, threads: int = 2) -> Picture:
    """A C program as a picture: each thread has a pointer to the same variable."""
    names = ["main", *(chr(65 + i) for i in range(threads))]
    areas = []
    for thread in names:
        key = f"stack {thread}"
        cells = [Cell(f"{key} 1 1", name, "1", bytes=4), Cell(f"{key} 1 2", "p", to="bss 0 1", bytes=8)]
        guard = int(thread != "main")
        areas.append(Area(key, "stack", f"stack of {thread}", thread, [Box(f"{key} 1", "work()", cells[: 1 + guard])], guard))
    inner = Cell("stack A 2 1", "up", to="stack A 1 1", bytes=8)
    areas[1].boxes.append(Box("stack A 2", "deeper()", [inner], gone=True))
    counter = Cell("bss 0 1", "counter", "7", bytes=4, shared_by=tuple(names))
    areas += [Area("heap", "heap", "heap"), Area("bss", "bss", ".bss", boxes=[Box("bss 0", cells=[counter])])]
    areas += [Area(kind, kind, f".{kind}") for kind in ("data", "rodata", "text")]
    return Picture(areas, names, language="C", details={"bss 0 1": "0x5555, 4 bytes"})
