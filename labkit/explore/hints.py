"""What a person is told who steps through a program by hand: what to look for, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labkit.explore.verdict import Verdict


def aim(verdict: Verdict) -> str:
    """What there is to find."""
    if verdict.failing:
        return f"{_fails(verdict, 'fail', 'fails')}. Find one that does: choose, step by step, which thread goes next."
    if verdict.passed:
        ran = f"all {verdict.runs:,} ran" if verdict.runs != 1 else "the only one ran"
        return f"No schedule of this program fails: {ran}. You may step through it, but you cannot break it."
    return f"None of the {verdict.runs:,} schedules that ran fails, but that is no proof. Perhaps you find one that does."


def missed(verdict: Verdict) -> str:
    """After a run that does not fail."""
    if verdict.failing:
        return f"This schedule does not fail, but {_fails(verdict, 'do', 'does')}: take steps back, or restart, and try again."
    return aim(verdict)


def mend(verdict: Verdict) -> str:
    """After a run that fails."""
    if getattr(verdict.origin and verdict.origin.main, "is_cell", False):  # made by %%explore
        again = "Now mend the program in its cell and run it again"
    else:
        name = verdict.name if verdict.name.isidentifier() else "main"
        again = f"Now mend the program in its cell, run it, and then explore({name}) again"
    return f"{again}: that proves that no schedule fails, or shows you the next one that does."


def _fails(verdict: Verdict, many: str, one: str) -> str:
    ran = "" if verdict.exhausted else " that ran"
    return f"{verdict.failing:,} of the {verdict.runs:,} different schedules{ran} {one if verdict.failing == 1 else many}"
