"""The lessons' modules repeat themselves to the byte: the bench runs all of them a hundred times, this one some five times."""

from __future__ import annotations

import pytest

from tests.bench.collect import LESSONS, collected
from tests.bench.hunt import told

pytestmark = pytest.mark.requires("kernel")
REPEATS = 5
EACH = 1


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lessons_module_gives_the_same_bytes_each_time(lesson: str) -> None:
    calls = collected((lesson,), EACH)
    assert calls
    for _, kernel, call in calls:
        assert len({told(kernel, call) for _ in range(REPEATS)}) == 1, call["source"].name
