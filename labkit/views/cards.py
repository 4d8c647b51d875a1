"""Where everything stands in a picture of memory: stacks left and right, what all threads share between them, arrows to it.

A card is an area: a header, in it boxes (frames of a stack, things on the heap), in these rows (variables). The same places
serve the still picture and the live one, so both look alike, and the height is known before anything is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labkit.memory import Area, Box, Picture
from labkit.views.base import count
from labkit.views.cardwords import area_says, box_says, cell_says

WIDE: Final = 720
NARROW: Final = 400
COLUMNS: Final = {WIDE: ((4, 212), (262, 196), (504, 212)), NARROW: ((4, 176), (220, 176))}
"""Width of the picture → left edge and width of its columns; arrows have the room between them. A narrow one has no third."""
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

TALL: Final = (HEAD, TITLE, ROW, GUARD)
"""Height of an item by its level."""


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
    x: int
    y: int
    wide: int
    tall: int
    name: str
    value: str = ""
    to: str = ""
    mark: str = ""
    says: str = ""

    @property
    def middle(self) -> int:
        """Where an arrow begins or ends."""
        return self.y + TALL[self.level] // 2


class Cards:
    """One picture of memory, laid out.

    Args:
        picture: what is drawn.
        wide: WIDE, or NARROW for a small screen: all stacks to the left.
    """

    def __init__(self, picture: Picture, wide: int = WIDE) -> None:
        self.picture = picture
        self.columns = COLUMNS[wide]
        self.items: list[Item] = []
        self.y = [TOP] * len(self.columns)
        self.threads = self._chosen()
        for thread in self.threads:
            column = self._side()
            for area in [a for a in picture.areas if a.thread == thread]:
                self._card(area, column)
        if hidden := len(picture.threads) - len(self.threads):
            note = "with a stack of its own" if hidden == 1 else "each with a stack of its own"
            more = self._add("more threads", 0, self._side(), f"and {count(hidden, 'more thread')}", note, mark="private")
            more.tall = HEAD + NOTE
            more.says = f"{more.name}, {note}."
            self.y[more.column] += more.tall + GAP
        for area in picture.areas:
            if not area.thread:
                self._card(area, SHARED)
        self.tall = max(self.y) + 4

    def _side(self) -> int:
        """The column for the next stack: the shorter one."""
        return min((column for column in (LEFT, RIGHT) if column < len(self.columns)), key=lambda column: self.y[column])

    def _chosen(self) -> list[str]:
        """The threads that are drawn: those first that have something to show, in order of creation."""
        full = {area.thread for area in self.picture.areas if area.cells}
        first = sorted(self.picture.threads, key=lambda thread: (thread != self.picture.threads[0], thread not in full))[
            :THREADS_DRAWN
        ]
        return [thread for thread in self.picture.threads if thread in first]

    def _add(self, key: str, level: int, column: int, name: str, value: str = "", to: str = "", mark: str = "") -> Item:
        """One more item, at the end of its column; what lies in something stands a little further in."""
        left, wide = self.columns[column]
        inwards = (0, 4, 6, 0)[level]
        item = Item(key, level, column, left + inwards, self.y[column], wide - 2 * inwards, TALL[level], name, value, to, mark)
        self.items.append(item)
        return item

    def _card(self, area: Area, column: int) -> None:
        """An area, with everything in it."""
        card = self._add(area.key, 0, column, area.title, area.note, mark="private" if area.thread else "")
        card.says = area_says(area)
        self.y[column] += HEAD + (NOTE if area.note else 0)
        for box in area.boxes[-FRAMES_DRAWN:] if area.kind == "stack" else area.boxes[:BOXES_DRAWN]:
            self._box(area, box, column)
            self.y[column] += 3
        if area.kind != "stack" and len(area.boxes) > BOXES_DRAWN:
            self._add(f"{area.key} more", 1, column, f"… {len(area.boxes) - BOXES_DRAWN} more")
            self.y[column] += TITLE
        self.y[column] += 2 if area.boxes else 0
        if area.guard_pages:
            guard = self._add(f"{area.key} guard", 3, column, count(area.guard_pages, "guard page"))
            guard.says = (
                f"{guard.name} below the {area.title}: nobody may touch it, so a stack that is too small ends the program."
            )
            self.y[column] += GUARD
        card.tall = self.y[column] - card.y
        self.y[column] += GAP

    def _box(self, area: Area, box: Box, column: int) -> None:
        """One frame, or one thing on the heap, and the variables in it."""
        mark = "gone" if box.gone else "shared" if box.shared_by else ""
        frame = self._add(box.key, 1, column, box.title, "returned" if box.gone else "", mark=mark) if box.title else None
        self.y[column] += TITLE if frame else 0
        for cell in box.cells[:CELLS_DRAWN]:
            mark = "gone" if box.gone else "shared" if cell.shared_by else ""
            item = self._add(cell.key, 2, column, cell.name, cell.value, cell.to, mark)
            item.says = cell_says(self.picture, area, box, cell)
            self.y[column] += ROW
        if len(box.cells) > CELLS_DRAWN:
            self._add(f"{box.key} more", 2, column, f"… {len(box.cells) - CELLS_DRAWN} more")
            self.y[column] += ROW
        if frame:
            frame.says = box_says(area, box)
            frame.tall = self.y[column] - frame.y
