"""%%cthreads in a Jupyter kernel: an import brings it, errors show no traceback, a run can be stored."""

from __future__ import annotations

from typing import Any

import pytest

from labkit.course.cthreadoptions import EXAMPLE, help_text
from tests.labkit.course.jupyter import run_cells


def outputs(*cells: str, **environment: str) -> list[list[Any]]:
    """What each cell puts out, after one that imports labkit."""
    return run_cells("import labkit.course", *cells, may_fail=True, **environment)[1:]


def test_importing_the_course_brings_the_magic_its_help_and_plain_errors() -> None:
    helped, empty, wrong, asked, tab = outputs(
        "%%cthreads --help", "%%cthreads", "%%cthreads --seconds x\nint x;",
        "print(get_ipython().object_inspect_text('%%cthreads'))",
        "get_ipython().complete('--str', '%%cthreads --str', 16)[1]",
    )  # fmt: skip
    assert helped[0]["text"] == help_text() + "\n"
    for output, text in ((empty, "the cell is empty"), (wrong, "--seconds")):
        assert output[0]["output_type"] == "error"
        assert output[0]["traceback"] == [f"BadOptions: {output[0]['evalue']}"]
        assert text in output[0]["evalue"]
    assert "--timer-us" in asked[0]["text"]
    assert tab[0]["data"]["text/plain"] == "['--strace']"


@pytest.mark.requires("cc")
def test_a_cooperative_run_without_pictures_leaves_the_same_outputs_each_time() -> None:
    cell = EXAMPLE.replace("turns", "turns --show output,verdict,switches", 1)
    first, second, kept = outputs(cell, cell, "turns is _run, turns.exit")
    assert first == second
    assert first[0]["text"].startswith("A: round 1\nB: round 1\n")
    assert kept[0]["data"]["text/plain"] == "(True, 0)"


@pytest.mark.requires("cc")
def test_c_that_does_not_compile_ends_the_cell_at_its_line_without_a_traceback() -> None:
    ((told,),) = outputs(EXAMPLE.replace("return NULL;", "return NUL;"))
    line = next(number for number, text in enumerate(EXAMPLE.splitlines(), 1) if "return NULL;" in text)
    assert told["ename"] == "BadProgram"
    assert told["traceback"] == [f"BadProgram: {told['evalue']}"]
    assert told["evalue"].splitlines()[1].startswith(f"line {line}: error: ")
