"""Where everything stands in a picture of memory: stacks left and right, what all threads share between them, arrows to it.

A card is an area: a header, in it boxes (frames of a stack, things on the heap), in these rows (variables). The same places
serve the still picture and the live one, so both look alike, and the height is known before anything is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from labkit.memory import PRIVATE, Area, Box, Picture
from labkit.views.base import count
from labkit.views.cardwords import area_says, box_says, cell_says

WIDE: Final = 720
COLUMNS: Final = ((4, 212), (262, 196), (504, 212))
"""Left edge and width of the three columns; arrows have the room between them."""
LEFT, SHARED, RIGHT = 0, 1, 2
TOP: Final = 12
"""Free room above all cards: arrows from the left column to the right one and back go through it."""
HEAD, NOTE, TITLE, ROW, GUARD, GAP = 20, 14, 17, 18, 13, 10
"""Heights: an area's header and remark, a box's title, a variable, a guard page; the room between two cards."""
THREADS_DRAWN: Final = 9
"""main and eight more."""
BOXES_DRAWN: Final = 16
FRAMES_DRAWN: Final = 8
CELLS_DRAWN: Final = 10
BAR: Final = 40
"""Height of the address space as a bar."""
LABEL: Final = 56.0
"""Width of a stretch of it that has its name in it."""


@dataclass
class Item:
    """Something that stands in the picture, and that one can go to.

    Attributes:
        level: 0 area, 1 box, 2 cell, 3 guard page.
        name, value: what is written in it, left and right.
        mark: "shared", "gone", "private" or nothing.
        says: a sentence or two for whoever looks at it.
    """

    key: str
    level: int
    column: int
    y: int
    tall: int
    name: str
    value: str = ""
    to: str = ""
    mark: str = ""
    says: str = ""

    @property
    def x(self) -> int:
        """Left edge: what lies in something stands a little further in."""
        return COLUMNS[self.column][0] + (0, 4, 6, 0)[self.level]

    @property
    def wide(self) -> int:
        """Width."""
        return COLUMNS[self.column][1] - (0, 8, 12, 0)[self.level]

    @property
    def middle(self) -> int:
        """Where an arrow begins or ends."""
        return self.y + (HEAD, TITLE, ROW, GUARD)[self.level] // 2


class Arrow(NamedTuple):
    """From a cell to what it points to; its path, and "shared", "gone" or "" for what is at its end."""

    start: str
    end: str
    path: str
    mark: str


class Segment(NamedTuple):
    """One stretch of the bar; a stack's guard page is the hatched left end of it."""

    key: str
    x: float
    wide: float
    name: str
    guard: bool


class Cards:
    """One picture of memory, laid out."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.items: list[Item] = []
        self.y = [TOP, TOP, TOP]
        threads = self._chosen()
        for area in picture.areas:
            if area.thread and area.thread in threads and area.kind == "stack":
                column = LEFT if self.y[LEFT] <= self.y[RIGHT] else RIGHT
                for own in [a for a in picture.areas if a.thread == area.thread]:
                    self._card(own, column)
        if hidden := len(picture.threads) - len(threads):
            self._more(
                f"and {count(hidden, 'more thread')}",
                "with a stack of its own" if hidden == 1 else "each with a stack of its own",
                LEFT if self.y[LEFT] <= self.y[RIGHT] else RIGHT,
            )
        for area in picture.areas:
            if not area.thread:
                self._card(area, SHARED)
        self.by_key = {item.key: item for item in self.items}
        self.arrows = [arrow for n, item in enumerate(i for i in self.items if i.to) if (arrow := self._arrow(item, n))]
        self.bar = bar(picture, threads) if picture.language == "C" else []
        self.tall = max(self.y) + 4

    def _chosen(self) -> list[str]:
        """The threads that are drawn: those first that have something to show, in order of creation."""
        full = {area.thread for area in self.picture.areas if area.cells}
        first = sorted(self.picture.threads, key=lambda thread: (thread != "main", thread not in full))[:THREADS_DRAWN]
        return [thread for thread in self.picture.threads if thread in first]

    def _card(self, area: Area, column: int) -> None:
        top = self.y[column]
        card = Item(
            area.key, 0, column, top, 0, area.title, area.note, mark="private" if area.kind in PRIVATE and area.thread else ""
        )
        card.says = area_says(area)
        self.items.append(card)
        y = top + HEAD + (NOTE if area.note else 0)
        for box in area.boxes[-FRAMES_DRAWN:] if area.kind == "stack" else area.boxes[:BOXES_DRAWN]:
            y = self._box(area, box, column, y) + 3
        if area.kind != "stack" and len(area.boxes) > BOXES_DRAWN:
            self.items.append(Item(f"{area.key} more", 1, column, y, TITLE, f"… {len(area.boxes) - BOXES_DRAWN} more"))
            y += TITLE
        y += 2 if area.boxes else 0
        if area.guard_pages:
            words = count(area.guard_pages, "guard page")
            guard = Item(f"{area.key} guard", 3, column, y, GUARD, words)
            guard.says = (
                f"{words} below the {area.title}: nobody may touch it. Who needs more stack than there is, is stopped here."
            )
            self.items.append(guard)
            y += GUARD
        card.tall = y - top
        self.y[column] = y + GAP

    def _box(self, area: Area, box: Box, column: int, y: int) -> int:
        """One box; returns where the next may begin."""
        mark = "gone" if box.gone else "shared" if box.shared_by else ""
        frame = Item(box.key, 1, column, y, 0, box.title, "returned" if box.gone else "", mark=mark)
        frame.says = box_says(area, box)
        if box.title:
            self.items.append(frame)
        at = y + (TITLE if box.title else 0)
        for cell in box.cells[:CELLS_DRAWN]:
            item = Item(
                cell.key,
                2,
                column,
                at,
                ROW,
                cell.name,
                cell.value,
                cell.to,
                "shared" if cell.shared_by else mark if box.gone else "",
            )
            item.says = cell_says(self.picture, area, box, cell)
            self.items.append(item)
            at += ROW
        if len(box.cells) > CELLS_DRAWN:
            self.items.append(Item(f"{box.key} more", 2, column, at, ROW, f"… {len(box.cells) - CELLS_DRAWN} more"))
            at += ROW
        frame.tall = at - y
        return at

    def _more(self, name: str, note: str, column: int) -> None:
        self.items.append(
            Item("more threads", 0, column, self.y[column], HEAD + NOTE, name, note, mark="private", says=f"{name}, {note}")
        )
        self.y[column] += HEAD + NOTE + GAP

    # ---- arrows

    def _arrow(self, item: Item, number: int) -> Arrow | None:
        """The way of one arrow, through the room between the columns."""
        end = self.by_key.get(item.to)
        if end is None:
            return None
        on_left = item.column == RIGHT or (item.column == SHARED and end.column == LEFT)
        x0 = item.x if on_left else item.x + item.wide
        y0, y1 = item.middle, end.middle
        same = item.column == end.column
        x1 = end.x if on_left == same else end.x + end.wide
        way = -1 if on_left else 1
        if same:
            out = max(way * x0, way * x1) * way + way * (14 + 5 * (number % 6))
            path = f"M{x0} {y0}C{out} {y0} {out} {y1} {x1} {y1}"
        elif SHARED in (item.column, end.column):
            bend = (x0 + x1) / 2
            path = f"M{x0} {y0}C{bend:g} {y0} {bend:g} {y1} {x1} {y1}"
        else:  # over the top of the middle column
            lane = 3 + 3 * (number % 3)
            near, far = x0 + way * (12 + 4 * (number % 6)), x1 - way * (12 + 4 * (number % 6))
            path = f"M{x0} {y0}H{near - way * 5}Q{near} {y0} {near} {y0 - 5}V{lane + 5}Q{near} {lane} {near + way * 5} {lane}"
            path += f"H{far - way * 5}Q{far} {lane} {far} {lane + 5}V{y1 - 5}Q{far} {y1} {far + way * 5} {y1}H{x1}"
        return Arrow(item.key, end.key, path, end.mark if end.mark in ("shared", "gone") else "")


def bar(picture: Picture, threads: list[str]) -> list[Segment]:
    """The address space, low addresses first, as it is on Linux as a rule; not to scale."""
    kinds = {area.kind: area for area in picture.areas if not area.thread}
    stacks = {area.thread: area for area in picture.areas if area.kind == "stack"}
    low = [kinds[kind] for kind in ("text", "rodata", "data", "bss", "heap") if kind in kinds]
    own = [stacks[thread] for thread in reversed(threads) if thread in stacks and thread != "main"]
    high = [kinds[kind] for kind in ("library",) if kind in kinds] + [stacks[thread] for thread in ("main",) if thread in stacks]
    room = WIDE - 8 - LABEL * (len(low) + len(high)) - 2 * 14
    wide = min(60, room / max(1, len(own)))
    segments, x = [], 4.0
    for areas, each in ((low, LABEL), (own, wide), (high, LABEL)):
        for area in areas:
            name = area.thread if area.kind == "stack" else "libraries" if area.kind == "library" else area.title
            segments.append(Segment(area.key, x, each, name, bool(area.guard_pages)))
            x += each
        x += 14
    return segments
