"""predict() in a real Jupyter kernel, with its buttons."""

from __future__ import annotations

from pathlib import Path

from tests.labkit.course.jupyter import run_cells

ASK = 'from labkit.course import predict, reveal\npredict("who-first", "Who?", ["A is", "B is"])'
FIND = """
import gc, threading, ipywidgets
buttons = [thing for thing in gc.get_objects() if type(thing) is ipywidgets.Button]
first, second = sorted(buttons, key=lambda button: button.description)
"""
ELSEWHERE = "thread = threading.Thread(target=second.click); thread.start(); thread.join()"
TELL = 'reveal("who-first", "A")'


def test_a_click_records_wherever_it_is_handled(tmp_path: Path) -> None:
    """The same click, handled in another OS thread while a cell runs and in the main thread between cells."""
    outputs = run_cells(
        ASK, FIND, ELSEWHERE, TELL, "first.click()", TELL, without=("LABKIT_PREDICT",), LABKIT_PROGRESS_DIR=str(tmp_path)
    )
    shown = outputs[0][0]["data"]
    assert shown["text/plain"] == "Predict: Who?\n  A. A is\n  B. B is"
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert outputs[3][0]["text"] == "You predicted B (B is); it was A (A is).\n"
    # The answer was seen: a later click changes nothing.
    assert outputs[5][0]["text"] == "You predicted B (B is); it was A (A is).\n"
