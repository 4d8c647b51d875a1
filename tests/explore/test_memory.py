"""Memory does not grow with the number of runs."""

from __future__ import annotations

import gc

import pytest

from labkit import here
from labkit.explore import explore
from tests.explore.locking import philosophers


@pytest.mark.xfail(strict=True, reason="a run keeps the primitives that it made alive")
def test_what_a_run_made_goes_with_it() -> None:
    main = philosophers(4)
    explore(main)
    gc.collect()
    after_one = len(here.waitables)
    for _ in range(3):
        explore(main)
    gc.collect()
    assert len(here.waitables) <= after_one
