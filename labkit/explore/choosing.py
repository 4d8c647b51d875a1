"""Which search is meant by what explore() was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.errors import LabError
from labkit.explore.bounding import Bounded, Delayed
from labkit.explore.sampling import WALKS
from labkit.explore.search import Search
from labkit.explore.steps import Steps


@dataclass
class Wishes:
    """How to search; without any wish, exhaustively."""

    bound: int | None = None
    delays: int | None = None
    walk: str | None = None
    seed: int = 0

    def check(self, runs: Any, seconds: Any, steps: Any, workers: Any = 1) -> None:
        """Refuse what makes no sense.

        Raises:
            LabError: with what to write instead.
        """
        given = [name for name in ("bound", "delays", "walk") if getattr(self, name) is not None]
        if len(given) > 1:
            raise LabError(f"explore(): {' and '.join(given)} are different ways to search; choose one")
        for name, value in (
            ("bound", self.bound),
            ("delays", self.delays),
            ("runs", runs),
            ("steps", steps),
            ("workers", workers),
        ):
            least = 0 if name in ("bound", "delays") else 1
            if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
                raise LabError(f"explore({name}={value!r}): give a whole number of at least {least}")
        if seconds is not None and not (isinstance(seconds, (int, float)) and seconds > 0):
            raise LabError(f"explore(seconds={seconds!r}): give a number of seconds, more than 0")
        if self.walk is not None and self.walk not in WALKS:
            raise LabError(f"explore(walk={self.walk!r}): choose {' or '.join(map(repr, WALKS))}")

    def __call__(self, steps_most: int) -> Steps:
        """A new search."""
        if self.walk is not None:
            walk: Steps = WALKS[self.walk](steps_most, self.seed)
            return walk
        if self.bound is not None:
            return Bounded(steps_most, self.bound)
        if self.delays is not None:
            return Delayed(steps_most, self.delays)
        return Search(steps_most)
