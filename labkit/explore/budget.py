"""How much may be spent on what is only nice to know, counted in work and never in time: equal programs get equal answers."""

from __future__ import annotations


class Budget:
    """So much work.

    Attributes:
        left: what has not been spent.
    """

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, work: int) -> None:
        """Some work has been done; more than what was left leaves nothing."""
        self.left = max(0, self.left - work)
