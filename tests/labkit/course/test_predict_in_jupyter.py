"""predict() in a real Jupyter kernel, with its buttons."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import nbclient
import nbformat

ASK = 'from labkit.course import predict, reveal\npredict("who-first", "Who?", ["A is", "B is"])'
FIND = """
import gc, threading, ipywidgets
buttons = [thing for thing in gc.get_objects() if type(thing) is ipywidgets.Button]
first, second = sorted(buttons, key=lambda button: button.description)
"""
ELSEWHERE = "thread = threading.Thread(target=second.click); thread.start(); thread.join()"
TELL = 'reveal("who-first", "A")'


def run(cells: list[str], folder: Path) -> Any:
    notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60, shutdown_kernel="immediate")
    env = {**os.environ, "LABKIT_PROGRESS_DIR": str(folder)}
    env.pop("LABKIT_PREDICT", None)
    asyncio.run(client.async_execute(env=env))
    return notebook


def test_a_click_records_wherever_it_is_handled(tmp_path: Path) -> None:
    """The same click, handled in another OS thread while a cell runs and in the main thread between cells."""
    notebook = run([ASK, FIND, ELSEWHERE, TELL, "first.click()", TELL], tmp_path)
    shown = notebook.cells[0].outputs[0]["data"]
    assert shown["text/plain"] == "Predict: Who?\n  A. A is\n  B. B is"
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert notebook.cells[3].outputs[0]["text"] == "You predicted B (B is); it was A (A is).\n"
    # The answer was seen: a later click changes nothing.
    assert notebook.cells[5].outputs[0]["text"] == "You predicted B (B is); it was A (A is).\n"
