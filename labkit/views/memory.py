"""Stacks and heap: what each thread has for itself, what all of them share, and which names lead there.

The stacks stand left and right, what belongs to everybody stands between them. A picture that is stored has no address in it,
because addresses differ from run to run; the live one asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any, ClassVar, Final

from labkit.memory import Area, Box, Cell, Picture
from labkit.views.base import AWKWARD, View, count
from labkit.views.cardpaint import DEFINITIONS, fit, paint, paint_bar_segment, words_of
from labkit.views.cards import NARROW, WIDE, Cards
from labkit.views.cardwords import names
from labkit.views.still import clean, cut, label, still
from labkit.views.ways import BAR, arrows, bar

SCENE_PX: Final = (150, 560)
"""Least and greatest height of the picture; a taller one scrolls."""
TEXT_LINES: Final = 120
PAGE_MAX_CHARS: Final = 60_000
"""Data that text/html carries."""


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
        counter = 0, shared by A and B
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
        return BAR if any(bar(cards) for cards in self.cards) else 0

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
        for number, (picture, cards) in enumerate(zip(self.pictures, self.cards, strict=True), 1):
            if len(self.pictures) > 1 or picture.moment:
                lines.append(f"moment {number}: {picture.moment}".rstrip(": "))
            own = [area for area in picture.areas if area.thread in cards.threads]
            rest = [area for area in picture.areas if not area.thread]
            for title, areas in (("one thread's own", own), ("everybody's", rest)):
                lines += [title] if areas else []
                lines += [line for area in areas for line in _area_lines(picture, area)]
                if areas is own and (hidden := len(picture.threads) - len(cards.threads)):
                    lines.append(f"  … and {count(hidden, 'more thread')}")
        if len(lines) > TEXT_LINES:
            lines = [*lines[:TEXT_LINES], f"… and {len(lines) - TEXT_LINES} more lines"]
        return "\n".join(cut(clean(line.rstrip()), 140) for line in lines)

    # ---- the live picture

    def pack(self) -> dict[str, Any]:
        return {
            "scene": self._scene, "bar": self._bar, "start": self.start, "widths": [WIDE, NARROW],
            "pictures": [
                {
                    "moment": picture.moment,
                    "items": [[item.key, item.level, item.mark, item.to, item.says] for item in cards.items],
                    "layouts": [_layout(cards, WIDE), _layout(Cards(picture, NARROW), NARROW)],
                }
                for picture, cards in zip(self.pictures, self.cards, strict=True)
            ],
        }  # fmt: skip

    def reply(self, ask: str) -> str:
        """What is true for this run only, a dictionary for each picture. Why asked for: no stored form must have it."""
        return json.dumps([picture.details for picture in self.pictures])

    # ---- the still picture

    def svg(self) -> str:
        """The moment that shows most."""
        cards = self.cards[self.start]
        body = [DEFINITIONS, *(f'<g transform="translate(0 20)">{part}</g>' for part in ["".join(paint(cards))])]
        y = 20 + cards.tall
        if segments := bar(cards):
            body.append(label(4, y + 8, "address space, low addresses first, not to scale", 'font-size="10" opacity=".7"'))
            body += [paint_bar_segment(segment, y + 12) for segment in segments]
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
    return f", shared by {names(threads)}" if threads else ""


def _layout(cards: Cards, wide: int) -> dict[str, Any]:
    """Where everything stands: items in the order of "items", arrows and segments by the items' numbers."""
    number = {item.key: n for n, item in enumerate(cards.items)}
    return {
        "tall": cards.tall,
        "places": [[i.column, i.x, i.y, i.wide, i.tall, *words_of(i)] for i in cards.items],
        "arrows": [[number[a.start], number[a.end], a.path, a.mark] for a in arrows(cards)],
        "segments": [[number.get(s.key, -1), s.x, s.wide, fit(s.name, s.wide - 6 * s.guard), s.guard] for s in bar(cards, wide)],
    }


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
