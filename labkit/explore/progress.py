"""A line that counts runs while a long exploration goes on: in a terminal or a notebook, and nowhere else."""

from __future__ import annotations

import os
import time
from typing import Any

from labkit.limits import QUIET_VARIABLE

TERMINAL_AFTER_S, NOTEBOOK_AFTER_S = 1.0, 5.0
"""A shorter exploration shows nothing; a student must not see it flash."""
EVERY_S = 0.2
LOOK_EVERY_RUNS = 32
"""So many runs pass between two looks at the clock."""


class Progress:
    """Tells how far an exploration is."""

    def __init__(self) -> None:
        self.began = self.shown = time.monotonic()
        self.live: Any = None
        self.task: Any = None
        self.silent = bool(os.environ.get(QUIET_VARIABLE))

    def tick(self, runs: int, failing: int) -> None:
        """A run has ended."""
        if runs % LOOK_EVERY_RUNS or self.silent:
            return
        now = time.monotonic()
        if now - self.shown < EVERY_S or now - self.began < TERMINAL_AFTER_S:
            return
        self.shown = now
        if self.live is None and not self._open(now):
            return
        fail = f", {failing:,} fail" if failing else ""
        rate = f"{runs / (now - self.began):,.0f} a second"
        text = f"explore: {runs:,} schedules{fail}, {rate}; Ctrl-C (or ■) ends it with what is known"
        self.live.update(self.task, description=text)

    def _open(self, now: float) -> bool:
        try:
            from rich.console import Console
            from rich.progress import Progress as Bar
            from rich.progress import SpinnerColumn, TextColumn
        except ImportError:
            self.silent = True
            return False
        console = Console(stderr=True)
        self.silent = not (console.is_terminal or console.is_jupyter)
        if self.silent or (console.is_jupyter and now - self.began < NOTEBOOK_AFTER_S):
            return False
        self.live = Bar(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True)
        self.task = self.live.add_task("explore", total=None)
        self.live.start()
        return True

    def close(self) -> None:
        """The exploration is over: leave no line behind."""
        if self.live is not None:
            self.live.stop()
            self.live = None
