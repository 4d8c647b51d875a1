"""For the programs that are explored by the thousand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labkit import here


@pytest.fixture(autouse=True)
def forget_primitives() -> Iterator[None]:
    """Let the next test begin without the primitives of this one.

    Why: a run keeps what it made alive, and the next run resets all that is alive; test_memory.py expects that to end.
    """
    yield
    here.waitables.clear()
