"""claims_test() in a real Jupyter kernel, with its buttons."""

from __future__ import annotations

import json
from pathlib import Path

from tests.labkit.course.jupyter import run_cells

ASK = 'from labkit.course import claims_test\nclaims_test("before", only="A1 A4")'
FIND = """
import gc, threading, ipywidgets
marks = {thing.description: thing for thing in gc.get_objects() if type(thing) is ipywidgets.Button}
"""
ELSEWHERE = "thread = threading.Thread(target=marks['wrong'].click); thread.start(); thread.join()"


def test_a_click_is_kept_wherever_it_is_handled(tmp_path: Path) -> None:
    """One click handled in another OS thread while a cell runs, the next one in the main thread."""
    outputs = run_cells(
        ASK, FIND, ELSEWHERE, "marks['partly'].click()", without=("LABKIT_PREDICT",), LABKIT_PROGRESS_DIR=str(tmp_path)
    )
    shown = outputs[0][0]["data"]
    assert shown["text/plain"].splitlines()[1] == "A1  Normal threads are implemented in the kernel. (lessons 1 and 5)"
    assert "→" not in shown["text/plain"] + shown["text/html"], "no verdict before the end"
    assert "application/vnd.jupyter.widget-view+json" in shown
    kept = json.loads((tmp_path / "progress.json").read_text(encoding="utf-8"))["claims"]["before"]
    assert {id: each["mark"] for id, each in kept.items()} == {"A1": "wrong", "A4": "partly"}
