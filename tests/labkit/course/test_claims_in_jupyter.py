"""claims_test() in a real Jupyter kernel, with its buttons."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import nbclient
import nbformat

ASK = 'from labkit.course import claims_test\nclaims_test("before", only="A1 A4")'
FIND = """
import gc, threading, ipywidgets
marks = {thing.description: thing for thing in gc.get_objects() if type(thing) is ipywidgets.Button}
"""
ELSEWHERE = "thread = threading.Thread(target=marks['wrong'].click); thread.start(); thread.join()"


def run(cells: list[str], folder: Path) -> Any:
    notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60, shutdown_kernel="immediate")
    env = {**os.environ, "LABKIT_PROGRESS_DIR": str(folder)}
    env.pop("LABKIT_PREDICT", None)
    asyncio.run(client.async_execute(env=env))
    return notebook


def test_a_click_is_kept_wherever_it_is_handled(tmp_path: Path) -> None:
    """One click handled in another OS thread while a cell runs, the next one in the main thread."""
    notebook = run([ASK, FIND, ELSEWHERE, "marks['partly'].click()"], tmp_path)
    shown = notebook.cells[0].outputs[0]["data"]
    assert shown["text/plain"].splitlines()[1] == "A1  Normal threads are implemented in the kernel. (lessons 1 and 5)"
    assert "→" not in shown["text/plain"] + shown["text/html"], "no verdict before the end"
    assert "application/vnd.jupyter.widget-view+json" in shown
    kept = json.loads((tmp_path / "progress.json").read_text(encoding="utf-8"))["claims"]["before"]
    assert {id: each["mark"] for id, each in kept.items()} == {"A1": "wrong", "A4": "partly"}
