"""Is there a notebook to show things in, and how a question with buttons gets there.

labkit works without IPython: then there are no buttons, and texts are printed.
"""

from __future__ import annotations

import sys
from typing import Any, Final

LIVE_MIME: Final = "application/vnd.jupyter.widget-view+json"
"""What a live widget is sent as. Why not that of views/base.py: to load all views would make every notebook's start slower."""


def shell() -> Any:
    """The running IPython, or None. Whoever runs in it has imported it."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython, "get_ipython", lambda: None)()


def display() -> Any:
    """IPython's functions that put something out; None where no IPython runs."""
    return None if shell() is None else sys.modules["IPython"].display


def put_out(text: str, page: str, buttons: Any = None) -> None:
    """Display words in each form that a front end may want: text, HTML, live buttons if any. Without IPython, print the text."""
    if (out := display()) is None:
        print(text)
        return
    bundle: dict[str, Any] = {"text/plain": text, "text/html": page}
    if buttons is not None:
        bundle[LIVE_MIME] = {"version_major": 2, "version_minor": 0, "model_id": buttons.model_id}
    out.display(bundle, raw=True)
