"""The one call that goes up: whoever has a trace may ask for a picture of it by name.

Why: Run.timeline() and Verdict.tree() live below the views, and the views need only the data. The floors stay clean
because nothing below imports views; the name is looked up when a person asks for a picture, and never before.
"""

from __future__ import annotations

import importlib
from typing import Any


def draw(view: str, data: Any, **options: Any) -> Any:
    """A view of the data: draw("timeline", trace) is labkit.views.timeline.Timeline(trace).

    Raises:
        LookupError: there is no view of that name.
    """
    views = importlib.import_module("labkit.views")
    return views.find(view)(data, **options)
