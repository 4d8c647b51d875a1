"""Threads of every kind, each with its place on the map and the reason; the cards themselves stand in thread_cards.toml.

Two questions make the map. Who schedules it: who picks it, by itself, as the next one to run? Where does it run: has it code of
its own in user space, or does it run kernel code only? Where two schedulers stand above each other (M:N: a runtime puts its
threads on a few threads of the operating system), the one counts that knows the card by itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.errors import LabError

WHO: Final = {"kernel": "the kernel schedules it", "program": "its program schedules it", "nobody": "nobody schedules it"}
WHERE: Final = {"user": "runs in user space", "kernel": "runs inside the kernel"}

PLACES: Final = {
    "kernel/user": f"{WHO['kernel']}, {WHERE['user']}",
    "program/user": f"{WHO['program']}, {WHERE['user']}",
    "kernel/kernel": f"{WHO['kernel']}, {WHERE['kernel']}",
    "program/kernel": f"{WHO['program']}, {WHERE['kernel']}",
    "none": "no thread: nobody schedules it",
}
"""place → what it means, in reading order: the four fields of the map, and the strip below it."""


@dataclass(frozen=True)
class Card:
    """One kind of thread, and the truth about it.

    Args:
        id: short name in kebab-case.
        name: what stands on the card.
        who: who schedules it: "kernel", "program" (its own one: a runtime, a library, your code), or "nobody".
        where: "user" if it has code of its own in user space, "kernel" if it runs kernel code only.
        truth: the reason for its place, in one sentence.
        source: where that is written, or on which kernel it was seen.
    """

    id: str
    name: str
    who: str
    where: str
    truth: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.who not in WHO or self.where not in WHERE:
            raise LabError(
                f"Card({self.id!r}): who is one of {', '.join(WHO)} and where one of {', '.join(WHERE)}, not {self.who!r} and "
                f"{self.where!r}"
            )

    @property
    def place(self) -> str:
        """Where it belongs: a key of PLACES. What nobody schedules is no thread, wherever it runs."""
        return "none" if self.who == "nobody" else f"{self.who}/{self.where}"


_DATA: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["card"]

CARDS: Final = {each["id"]: Card(**{key: words for key, words in each.items() if key != "usual"}) for each in _DATA}
"""id → card, for all that the course knows."""

USUAL: Final = tuple(each["id"] for each in _DATA if each.get("usual", True))
"""Those that lie on the table when nobody says which; mixed, so that neighbours do not belong together."""


def pick(cards: Iterable[str | Card]) -> tuple[Card, ...]:
    """Cards by id or as they are.

    Raises:
        LabError: there is no such card, or one is there twice.
    """
    picked = []
    for card in cards:
        if isinstance(card, str) and card not in CARDS:
            raise LabError(
                f"there is no card {card!r}; there are {', '.join(CARDS)}. Your own: Card(id, name, who, where, truth)"
            )
        picked.append(CARDS[card] if isinstance(card, str) else card)
    ids = [card.id for card in picked]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise LabError(f"the card {twice[0]!r} is there twice: each has one place on the map")
    return tuple(picked)
