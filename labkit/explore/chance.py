"""How likely a random run shows a bug: why testing missed it."""

from __future__ import annotations


class Chance(float):
    """A share of runs, from 0 to 1, that reads as "1 run in 64".

    Attributes:
        failing, runs: how many of how many random runs failed.
    """

    failing: int
    runs: int

    def __new__(cls, failing: int, runs: int) -> Chance:
        self = super().__new__(cls, failing / runs if runs else 0.0)
        self.failing, self.runs = failing, runs
        return self

    def __str__(self) -> str:
        if not self.failing:
            return f"none of {self.runs:,} random runs" if self.runs else "no random run"
        if self.failing == self.runs:
            return "every run"
        each = self.runs / self.failing
        if each >= 10:
            return f"1 run in {round(each):,}"
        return f"1 run in {each:.1f}".removesuffix(".0") if each > 1.95 else f"{float(self):.0%} of the runs"

    def __repr__(self) -> str:
        return str(self)
