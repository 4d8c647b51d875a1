"""The explorer tries itself: before its first verdict it explores a program whose answer is known.

Two teams have had green builds for months from checkers that had silently stopped to see the code they checked. If this
program is not seen as it must be, explore() refuses to say anything.
"""

from __future__ import annotations

from labkit.here import spawn

WANTED = {2: 2, 1: 2}
"""What main() returns → in how many of the 4 schedules."""


def main() -> int:
    """Two threads add to an attribute without a lock: one update can be lost."""
    cage = Cage()
    threads = [spawn(sing, cage), spawn(sing, cage)]
    for thread in threads:
        thread.join()
    return cage.songs


class Cage:
    """Something that is shared."""

    def __init__(self) -> None:
        self.songs = 0


def sing(cage: Cage) -> None:
    """Read, add, write."""
    cage.songs += 1
