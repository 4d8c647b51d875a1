"""The waiting room: who sleeps at a condition or a semaphore, who was woken, who has the lock; a button for everything.

What can happen stands in waiting_rules.py; here it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Final

from labkit.errors import LabError
from labkit.views.base import AWKWARD, View, count
from labkit.views.still import INK, box, clean, cut, label, still
from labkit.views.waiting_rules import ASLEEP, COOK, HOLDS, PLACES, WOKEN, Room

TEXT_STEPS: Final = 40
ROWS: Final = 6
"""Guests that stand under each other in a place before it scrolls."""
INKS: Final = {HOLDS: INK["lock"], ASLEEP: INK["wait"], WOKEN: INK["can"]}


class WaitingRoom(View):
    """Guests wait for a plate at a condition variable or a semaphore, and you decide what happens next.

    Args:
        guests: names, one word each.
        look: "while" if a guest that was woken looks again, "if" if not.
        at: "condition" or "semaphore": a semaphore needs no look.
        steps: what has happened already: names of guests and verbs of COOK, such as "Ann Ann serve".
        title: words above the picture.

    >>> room = WaitingRoom("Ann Bob", steps="Ann Ann serve Bob Bob Ann")
    >>> print(room.text().splitlines()[1])
    Ann takes the lock again: wait() returns.
    >>> room.play("Ann"); room.room.where
    {'Ann': 'asleep', 'Bob': 'has eaten'}
    """

    name: ClassVar[str] = "waiting_room"
    heading: ClassVar[str] = "waiting room"

    def __init__(
        self, guests: str | Iterable[str] = "Ann Bob Cid", look: str = "while", steps: str | Iterable[str] = (), title: str = "",
        at: str = "condition",
    ) -> None:  # fmt: skip
        super().__init__(title)
        if look not in ("while", "if"):
            raise LabError(f"look={look!r}: a guest looks with 'while' or with 'if'")
        if at not in ("condition", "semaphore"):
            raise LabError(f"at={at!r}: they wait at a 'condition' or at a 'semaphore'")
        self.guests = tuple(guests.split() if isinstance(guests, str) else guests)
        self.look, self.at = look, at
        self.restart()
        self.play(steps)

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        return {
            "empty": partial(cls, ()),
            "usual": partial(cls, steps="Ann Ann Bob Bob serve Cid Cid Ann"),
            "awkward": partial(cls, "Ann", steps="Ann", title=f"{cls.heading} of {AWKWARD}"),
        }

    def describe(self) -> str:
        asleep = ", ".join(self.room.asleep) or "nobody"
        ends = f", lock: {self.room.holder or 'free'}" if self.at == "condition" else ""
        return f"{self.look if ends else 'semaphore'}, {count(len(self.moves), 'step')}, asleep: {asleep}{ends}"

    @property
    def height(self) -> int:
        return 32 + 44 + self._pane + 2 * 32 + 40 + 4

    @property
    def _pane(self) -> int:
        return 30 + 50 * min(max(2, len(self.guests)), ROWS)

    @property
    def things(self) -> str:
        """What the number counts."""
        return "plates on the table" if self.at == "condition" else "permits"

    def play(self, steps: str | Iterable[str]) -> None:
        """Let these things happen, in order.

        Raises:
            LabError: one of them cannot happen at its place.
        """
        for move in steps.split() if isinstance(steps, str) else steps:
            self.told.append(self.room.play(move))
            self.moves.append(move)

    def undo(self) -> None:
        """Take the last step back."""
        before = self.moves[:-1]
        self.restart()
        self.play(before)

    def restart(self) -> None:
        """Everybody is outside, and the table is empty."""
        self.room = Room(self.guests, self.look == "while", self.at == "semaphore")
        self.moves: list[str] = []
        self.told: list[str] = []

    def verdict(self) -> tuple[str, str]:
        """How it stands: "fail", "pass", "stuck" or "", and what happened last."""
        room = self.room
        last = (
            f"{self.told[-1][0].upper()}{self.told[-1][1:]}."
            if self.told
            else "Nobody has come yet. Let a guest go on, or let the cook do something."
        )
        if room.failure:
            return "fail", last
        if room.over:
            return "pass", f"{last} All have eaten." if self.guests else "There are no guests."
        if room.asleep and all(room.hinders(name) for name in self.guests):
            there = " There is a plate, and they will never know of it." if room.plates else ""
            return "stuck", f"{last} All who are left are asleep.{there or ' Only the cook can wake them.'}"
        return "", last

    def pack(self) -> dict[str, Any]:
        room = self.room
        kind, words = self.verdict()
        order = room.asleep + [name for name in self.guests if name not in room.asleep]
        guests = [[name, room.where[name], room.next_step(name), room.hinders(name)] for name in order]
        return {
            "places": PLACES, "guests": guests, "things": self.things,
            "cook": [[verb, said, room.hinders(verb)] for verb, said in COOK.items() if (verb == "release") is room.semaphore],
            "plates": room.plates, "look": self.look, "kind": kind, "words": words, "pane": self._pane, "steps": self.moves,
        }  # fmt: skip

    def reply(self, ask: str) -> str:
        """Somebody clicked: "number verb", or "number go name". The live picture gets the new state as its data."""
        _, verb, *names = ask.split(" ", 2)
        with suppress(LabError):  # Why: of two quick clicks the second may not fit any more, and the picture shows that
            {"undo": self.undo, "restart": self.restart}.get(verb, lambda: self.play(names or verb))()
        if self._widget is not None:
            self._widget.data = self.data()
        return ""

    def text(self) -> str:
        """Who is where, then the steps that led to it."""
        lines = [self.words, clean(self.verdict()[1]), "", f"{self.things}: {self.room.plates}"]
        for place in PLACES:
            names = self.room.asleep if place == ASLEEP else [name for name in self.guests if self.room.where[name] == place]
            lines.append(clean(f"{place:13} {' '.join(names) or '-'}"))
        lines += ["", "step  what happened"] if self.moves else []
        lines += [f"   …  {len(self.told) - TEXT_STEPS} steps before"] if len(self.told) > TEXT_STEPS else []
        lines += [clean(f"{i:4}  {said}") for i, said in list(enumerate(self.told, 1))[-TEXT_STEPS:]]
        return "\n".join(cut(line.rstrip(), 140) for line in lines)

    def svg(self) -> str:
        """A column for each place with its guests; the sleepers stand in the order of their queue."""
        body = [label(2, 36, cut(clean(f"{self.verdict()[1]} {self.things}: {self.room.plates}"), 105))]
        for column, place in enumerate(PLACES):
            names = self.room.asleep if place == ASLEEP else [name for name in self.guests if self.room.where[name] == place]
            body.append(label(2 + 144 * column, 60, place, 'opacity=".7"'))
            dash = ' stroke-dasharray="3 3"' if place == ASLEEP else ""
            style = f'rx="3" fill="none" stroke="{INKS.get(place, INK["plain"])}" stroke-width="2"{dash}'
            for row, name in enumerate(names[:ROWS]):
                body += [
                    box(2 + 144 * column, 68 + 30 * row, 136, 24, style),
                    label(10 + 144 * column, 84 + 30 * row, cut(name, 18)),
                ]
        description = "Columns are places, boxes are guests; the first of the sleepers has slept longest."
        return still(720, 72 + 30 * min(max(2, len(self.guests)), ROWS), self.words, description, "".join(body))
