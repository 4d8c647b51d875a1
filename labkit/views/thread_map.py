"""The thread map: who schedules it, and where does it run? Drag each kind of thread to its place and have it checked.

The cards and their answers stand in thread_cards.py.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar, Final

from labkit.errors import LabError
from labkit.views.base import AWKWARD, View, count
from labkit.views.still import INK, box, clean, cut, label, still
from labkit.views.thread_cards import CARDS, PLACES, USUAL, WHERE, WHO, Card, pick

__all__ = ["CARDS", "Card", "ThreadMap", "thread_map"]

QUESTIONS: Final = (
    "Who schedules it: who picks it, by itself, as the next one to run? The kernel, or its program (a runtime, a library)?",
    "Where does it run: in user space, entering the kernel now and then, or inside the kernel only?",
)
HEADS: Final = (
    (WHO["kernel"], "by the kernel"),
    (WHO["program"], "by its program"),
    ("in user space",) * 2,
    ("in the kernel",) * 2,
)
"""What stands beside the fields, and the same for a narrow page."""
EMPTY: Final = "One field stays empty: what runs kernel code only has no program of its own that could schedule it."
EMPTY_CARDS: Final = 8
"""Cards from which on an empty field says something; with fewer a field may be empty by accident."""
TRAY: Final = "not placed yet"
AREA_PX: Final = (330, 450)
"""Least and greatest height of the map; a longer tray scrolls."""


class ThreadMap(View):
    """Cards with kinds of threads, and a map with four fields on which each has one right place.

    Args:
        cards: ids of CARDS or cards of your own, in the order in which they lie in the tray.
        placed: {id of a card: place} for cards that lie somewhere already, rightly or not.
        solved: whether every card lies in its place, with its reason.
        title: words above the picture.

    >>> print(ThreadMap(["pthread"], solved=True).text().splitlines()[-2])
    - pthread: the kernel schedules it, runs in user space. Each pthread is one entity for the kernel's scheduler (1:1), and
    """

    name: ClassVar[str] = "thread_map"
    heading: ClassVar[str] = "thread map"

    def __init__(
        self,
        cards: Iterable[str | Card] = USUAL,
        *,
        placed: Mapping[str, str] | None = None,
        solved: bool = False,
        title: str = "",
    ) -> None:
        super().__init__(title)
        self.cards, self.solved = pick(cards), solved
        self.placed = {card.id: card.place for card in self.cards} if solved else dict(placed or {})
        for id, place in self.placed.items():
            if place not in PLACES or id not in {card.id for card in self.cards}:
                raise LabError(f"placed={{{id!r}: {place!r}}}: a card of this map, and one of {', '.join(PLACES)}")

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        own = Card("own", AWKWARD, "program", "user", f"Its own program says so: {AWKWARD}", AWKWARD)
        return {
            "empty": partial(cls, []),
            "usual": cls,
            "awkward": partial(cls, ["pthread", own], placed={"own": "kernel/kernel"}, title=f"{cls.heading} of {AWKWARD}"),
            "solved": partial(cls, CARDS, solved=True),
        }  # fmt: skip

    @property
    def _area(self) -> int:
        return min(max(AREA_PX[0], 30 + 31 * len(self.cards)), AREA_PX[1])

    @property
    def height(self) -> int:
        return 32 + self._area + 24 + 124 + 4

    def describe(self) -> str:
        return f"{count(len(self.cards), 'card')}, {'each in its place' if self.solved else f'{len(self.placed)} placed'}"

    @property
    def empty(self) -> str:
        """What there is to say of the field that stays empty; nothing while the cards are few."""
        return EMPTY if len(self.cards) >= EMPTY_CARDS and "program/kernel" not in {card.place for card in self.cards} else ""

    def at(self, place: str) -> list[Card]:
        """The cards that lie at a place; "" is the tray."""
        return [card for card in self.cards if self.placed.get(card.id, "") == place]

    def text(self) -> str:
        """The questions, what lies where, and once it is solved the reasons."""
        lines = [self.words, *QUESTIONS, ""]
        for place, words in [*PLACES.items(), ("", TRAY)]:
            names = ", ".join(clean(card.name) for card in self.at(place))
            lines += textwrap.wrap(f"[{words}] {names or '-'}", 120, subsequent_indent="    ")
        if self.solved and self.cards:
            lines += ["", *([self.empty] if self.empty else [])]
            for card in self.cards:
                why = f"- {clean(card.name)}: {PLACES[card.place]}. {clean(card.truth)} ({clean(card.source)})"
                lines += textwrap.wrap(why, 120, subsequent_indent="  ")
        return "\n".join(lines)

    def pack(self) -> dict[str, Any]:
        return {
            "cards": [[card.id, card.name, card.place, card.truth, card.source] for card in self.cards],
            "placed": self.placed,
            "solved": self.solved,
            "places": PLACES,
            "heads": HEADS,
            "questions": QUESTIONS,
            "empty": self.empty,
            "area": self._area,
        }

    def svg(self) -> str:
        """The four fields, the strip below them, and what lies in each; the tray stands on the left."""
        rows = max([2, *(len(self.at(place)) for place in list(PLACES)[:4])])
        tall = 14 + 18 * rows
        fields = [(200, 50), (476, 50), (200, 56 + tall), (476, 56 + tall), (200, 62 + 2 * tall)]
        body = [label(8, 44, TRAY, 'font-weight="bold"'), *_names(8, 64, self.at(""))]
        body += [label(206, 44, WHO["kernel"], 'font-weight="bold"'), label(482, 44, WHO["program"], 'font-weight="bold"')]
        for place, (x, y) in zip(PLACES, fields, strict=True):
            wide, high = (546, 20 + 18 * max(1, len(self.at(place)))) if place == "none" else (270, tall)
            ink = INK["run"] if "kernel/" in place else INK["can"] if "program/" in place else INK["plain"]
            dash = ' stroke-dasharray="5 3"' if place == "none" else ""
            body.append(box(x, y, wide, high, f'rx="4" fill="none" stroke="{ink}" stroke-width="2"{dash}'))
            words = PLACES["none"] if place == "none" else WHERE[place.split("/")[1]]
            body.append(label(x + wide - 6, y + 15, words, 'text-anchor="end" font-size="10" opacity=".7"'))
            body += _names(x + 8, y + 18, self.at(place))
        high = max(fields[4][1] + 26 + 18 * max(1, len(self.at("none"))), 64 + 18 * len(self.at("")))
        return still(752, high, self.words, " ".join(QUESTIONS), "".join(body))


def thread_map(
    cards: Iterable[str | Card] = USUAL, *, placed: Mapping[str, str] | None = None, solved: bool = False, title: str = ""
) -> ThreadMap:
    """Lay the cards on the table: drag each to where it belongs, then ask for a check."""
    return ThreadMap(cards, placed=placed, solved=solved, title=title)


def _names(x: float, y: float, cards: list[Card]) -> list[str]:
    return [label(x, y + 18 * i, cut(clean(card.name), 26)) for i, card in enumerate(cards)]
