"""What can happen around a condition variable or a semaphore: guests wait for a plate, and a cook serves and notifies.

The rules are those of labkit's Condition: wait() gives up the lock and falls asleep in one step; a notify wakes who has slept
longest; who is woken must take the lock again before it goes on, and others may be quicker.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from labkit.errors import LabError

OUTSIDE, HOLDS, ASLEEP, WOKEN, FED = "outside", "has the lock", "asleep", "woken", "has eaten"
PLACES: Final = (OUTSIDE, HOLDS, ASLEEP, WOKEN, FED)
"""Where a guest can be, in the order in which most come through."""

COOK: Final = {
    "serve": "plate, notify", "serve_all": "plate, notify all", "put": "plate only",
    "notify": "notify", "notify_all": "notify all", "spurious": "spurious wake-up", "release": "release a permit",
}  # fmt: skip
"""What can be done besides letting a guest go on: the last at a semaphore, the others at a condition."""

SERVES, WAKES_ALL = ("serve", "serve_all", "put"), ("serve_all", "notify_all")


class Room:
    """Guests, a table with plates, a lock, and the queue of a condition variable; or a number of permits and its queue.

    Args:
        guests: their names.
        again: whether a guest that comes back from wait() looks again: `while`; if not, it is an `if`.
        semaphore: whether they wait for permits at a semaphore, which needs no lock.
    """

    def __init__(self, guests: Iterable[str], again: bool = True, semaphore: bool = False) -> None:
        self.where = dict.fromkeys(guests, OUTSIDE)
        self.again = again
        self.semaphore = semaphore
        self.asleep: list[str] = []  # who has slept longest stands first
        self.back: set[str] = set()  # who has returned from wait()
        self.plates = 0  # at a semaphore: permits
        self.failure = ""
        for name in self.where:
            if name in COOK or len(name.split()) != 1:
                raise LabError(f"a guest called {name!r}: its name must be one word, and none of {', '.join(COOK)}")

    @property
    def holder(self) -> str:
        """Who has the lock; "" if it is free."""
        return next((name for name, place in self.where.items() if place == HOLDS), "")

    @property
    def over(self) -> bool:
        """Whether nothing more can happen: all have eaten, or somebody found what cannot be."""
        return bool(self.failure) or all(place == FED for place in self.where.values())

    def hinders(self, move: str) -> str:
        """Why this cannot happen now; "" if it can."""
        if self.over:
            return "it is over"
        if move in COOK and self.semaphore is not (move == "release"):
            return "a semaphore knows release only" if self.semaphore else "a condition keeps no permits"
        if move == "spurious":
            return "" if self.asleep else "nobody is asleep"
        if move not in COOK and move not in self.where:
            return f"there is no guest {move!r}"
        place = self.where.get(move)
        if place in (ASLEEP, FED):
            return f"{move} {'is asleep' if place == ASLEEP else place}"
        return f"{self.holder} has the lock" if self.holder not in ("", move) else ""

    def play(self, move: str) -> str:
        """Let a guest take its next step, or do what COOK lists; returns what happened, in words.

        Raises:
            LabError: it cannot happen now.
        """
        if why := self.hinders(move):
            raise LabError(f"{move!r} cannot happen now: {why}")
        if self.semaphore:
            return self._release() if move == "release" else self._acquire(move)
        return self._step(move) if move in self.where else self._cook(move)

    def next_step(self, name: str) -> str:
        """What a guest does when it goes on."""
        place = self.where[name]
        if self.semaphore:
            return {OUTSIDE: "wants a permit", WOKEN: "goes on with its permit"}.get(place, "")
        if place == HOLDS:
            return "looks at the table" if self.again or name not in self.back else "takes a plate, without a look"
        return {OUTSIDE: "takes the lock", WOKEN: "takes the lock again"}.get(place, "")

    def _step(self, name: str) -> str:
        place = self.where[name]
        if place != HOLDS:
            self.where[name] = HOLDS
            return f"{name} {'takes the lock' if place == OUTSIDE else 'takes the lock again: wait() returns'}"
        if not self.plates and name in self.back and not self.again:
            self.failure = f"{name} takes a plate from an empty table: it was woken, and did not look again"
            return self.failure
        if not self.plates:
            self.where[name] = ASLEEP
            self.asleep.append(name)
            return f"{name} finds no plate: it gives up the lock and falls asleep, in one step"
        self.plates -= 1
        self.where[name] = FED
        return f"{name} takes a plate, gives the lock back and leaves"

    def _cook(self, move: str) -> str:
        if move in SERVES:
            self.plates += 1
        served = "a plate is on the table" if move in SERVES else ""
        if move == "put":
            return f"{served}, and nobody is told"
        woken = self.asleep[:] if move in WAKES_ALL else self.asleep[:1]
        del self.asleep[: len(woken)]
        self.where |= dict.fromkeys(woken, WOKEN)
        self.back |= set(woken)
        if move == "spurious":
            return f"{woken[0]} wakes, although nobody has notified"
        told = f"this wakes {' and '.join(woken)}" if woken else "nobody is asleep, so nobody hears it, and it is not remembered"
        return f"{served or 'a notify, and nothing has changed'}; {told}"

    def _acquire(self, name: str) -> str:
        if self.where[name] == OUTSIDE and not self.plates:
            self.where[name] = ASLEEP
            self.asleep.append(name)
            return f"{name} finds the number at 0 and falls asleep"
        self.plates -= self.where[name] == OUTSIDE
        given = "goes on with the permit that it was given" if self.where[name] == WOKEN else "takes a permit"
        self.where[name] = FED
        return f"{name} {given}"

    def _release(self) -> str:
        # Invariant: a permit for somebody who sleeps never appears in the number, so nobody can be quicker.
        if not self.asleep:
            self.plates += 1
            return "nobody is asleep, so the number keeps the permit"
        name = self.asleep.pop(0)
        self.where[name] = WOKEN
        return f"the permit is given to {name}, who wakes"
