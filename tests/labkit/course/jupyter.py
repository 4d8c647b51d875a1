"""A notebook of a few cells, run in a real Jupyter kernel: for what shows itself only there."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import nbclient
import nbformat

PATIENCE_S = 120


def run_cells(*cells: str, without: tuple[str, ...] = (), may_fail: bool = False, **environment: str) -> list[list[Any]]:
    """What each cell puts out.

    Args:
        cells: their source.
        without: variables that the Jupyter kernel's environment shall not have.
        may_fail: an error is an output like any other, and the next cell runs.
        environment: more variables.
    """
    made = [nbformat.v4.new_code_cell(source) for source in cells]  # type: ignore[no-untyped-call]
    notebook: Any = nbformat.v4.new_notebook(cells=made)  # type: ignore[no-untyped-call]
    client = nbclient.NotebookClient(
        notebook, kernel_name="python3", timeout=PATIENCE_S, allow_errors=may_fail, shutdown_kernel="immediate"
    )
    inherited = {name: value for name, value in os.environ.items() if name not in without}
    asyncio.run(client.async_execute(env=inherited | environment))
    return [cell.outputs for cell in notebook.cells]
