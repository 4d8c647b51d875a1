"""The line that counts runs comes where a person waits, and nowhere else."""

from __future__ import annotations

import pytest

from labkit.explore import progress
from labkit.explore.progress import LOOK_EVERY_RUNS, Progress
from labkit.limits import QUIET_VARIABLE


@pytest.mark.parametrize(("quiet", "opened"), [("", 1), ("1", 0)])
def test_nothing_is_shown_where_outputs_are_compared(quiet: str, opened: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    monkeypatch.setenv(QUIET_VARIABLE, quiet)
    monkeypatch.setattr(progress, "TERMINAL_AFTER_S", 0.0)
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    monkeypatch.setattr(Progress, "_open", lambda self, now: bool(seen.append(now)))
    line = Progress()
    line.tick(LOOK_EVERY_RUNS, 0)
    line.tick(LOOK_EVERY_RUNS + 1, 0)  # not every run looks at the clock
    assert len(seen) == opened
