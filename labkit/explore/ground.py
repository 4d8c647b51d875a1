"""What a program is explored on: whoever runs it again must put it on the same ground."""

from __future__ import annotations

from typing import NamedTuple


class Ground(NamedTuple):
    """What an exploration takes for granted.

    Attributes:
        names: "threading" if the program is written with the names of threading and queue; None for labkit's own.
        memory: "sc" or "tso".
        spurious: whether each thread may wake once at a condition without a notify.
    """

    names: str | None = None
    memory: str = "sc"
    spurious: bool = False
