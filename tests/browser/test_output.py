"""What a thread prints lands in the cell that started the run, on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lab

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

# Why write: print() writes the line and its end apart, and another thread may come in between.
PROGRAM = """
import sys
from labkit import *
from labkit.machines import Pthread

def main():
    for t in [spawn(sys.stdout.write, f"I am {i}\\n") for i in range(3)]:
        t.join()
"""


def test_what_a_thread_prints_lands_in_its_cell(lab: Lab) -> None:
    runs = [
        "run(main)",
        "run(main, machine='preemptive', timeslice_ms=1)",
        "run(main, machine='pthread')",
        "run(main, Pthread('baton'))",
    ]
    sheet = lab.open([PROGRAM, *runs])
    sheet.run_all()
    assert sheet.failures() == []
    for cell in sheet.cells()[1:]:
        printed = "".join(o["text"] for o in cell["outputs"] if o["output_type"] == "stream")
        assert sorted(printed.splitlines()) == ["I am 0", "I am 1", "I am 2"], cell["source"]
