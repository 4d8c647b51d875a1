"""What every view shares: one picture in four forms, for four kinds of reader.

- text/plain: the text twin, the same on every run of the same trace; tests compare it, screen readers read it.
- image/svg+xml: a picture that stands still, for paper.
- text/html: a page of its own inside an iframe, for static pages; it works offline and asks nobody for anything.
- a live widget (anywidget) in JupyterLab, where the picture follows the theme and 100,000 events travel once.

The JavaScript is the same file for the last two: only the object it calls `model` differs.
"""

from __future__ import annotations

import html
import importlib
import json
import os
import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

from labkit.tracelog import Trace
from labkit.views.story import Story, tell

PAGE_MAX_EVENTS: Final = 5_000
"""Events that text/html carries (about 150 kB in the notebook). Beyond it a static page shows the SVG: a notebook stays small."""

WIDGET_MIME: Final = "application/vnd.jupyter.widget-view+json"

# Why: the page forbids itself every request, so that "offline" is a fact and not a hope.
PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8">\
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">\
<title>{title}</title><style>{css}</style></head><body><div id="view"></div>
<script type="application/json" id="data">{data}</script>
<script type="module">
{js}
const kept = {{ data: document.getElementById('data').textContent, cursor: 0 }};
const model = {{ get: (k) => kept[k], set: (k, v) => {{ kept[k] = v; }}, on() {{}}, off() {{}}, save_changes() {{}} }};
view.render({{ model, el: document.getElementById('view') }});
</script></body></html>"""


class View:
    """A picture of a trace. A view adds `text()`, `svg()`, `height` and the JavaScript file of its own name.

    Args:
        trace: what happened in one run.
        title: words above the picture; the view has its own when this is empty.
    """

    name: ClassVar[str] = ""
    """Stem of its two files, and what draw() and find() know it by."""
    heading: ClassVar[str] = ""
    """What stands above the picture when it has no title."""

    def __init__(self, trace: Trace, title: str = "") -> None:
        self.trace = trace
        self.title = title
        self._widget: Any = None

    @cached_property
    def story(self) -> Story:
        """The trace made ready to be drawn; made at the first look and kept."""
        return tell(self.trace)

    def text(self) -> str:
        """The text twin: the same picture in characters, equal for equal traces."""
        raise NotImplementedError

    def svg(self) -> str:
        """The picture as SVG, without a script."""
        raise NotImplementedError

    @property
    def height(self) -> int:
        """Height in pixels. It depends on the trace alone, so that nothing jumps while the picture loads."""
        raise NotImplementedError

    def options(self) -> dict[str, Any]:
        """What the view's JavaScript needs besides the story."""
        return {}

    def data(self) -> str:
        """All that the JavaScript gets, as JSON."""
        head = {"heading": self.title or self.heading, "describe": describe(self.story), "height": self.height, **self.options()}
        return json.dumps({**head, **self.story.pack()}, ensure_ascii=False, separators=(",", ":"))

    def page(self) -> str:
        """The picture as a page of its own: save it, open it offline, step through it."""
        data = self.data().replace("</", "<\\/")
        js = _small(javascript(self.name).replace("export default", "const view ="))
        return PAGE.format(title=html.escape(self.title or self.heading), css=_small(stylesheet()), data=data, js=js)

    def html(self) -> str:
        """The page inside an iframe that may run its own script and nothing else."""
        page = self.page().replace("&", "&amp;").replace('"', "&quot;")
        style = f"width:100%;height:{self.height + 20}px;border:0;background:#fff;border-radius:4px"
        return f'<iframe title="{self.heading}" sandbox="allow-scripts" style="{style}" srcdoc="{page}"></iframe>'

    def live(self) -> Any:
        """The live widget of this view.

        Raises:
            ImportError: anywidget is not installed.
        """
        if self._widget is None:
            self._widget = _widget_class(self.name)(data=self.data())
        return self._widget

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """What Jupyter stores: the still forms always, the live one where somebody can see it."""
        bundle: dict[str, Any] = {"text/plain": self.text(), "image/svg+xml": self.svg()}
        if len(self.trace) <= PAGE_MAX_EVENTS:
            bundle["text/html"] = self.html()
        meta: dict[str, Any] = {}
        if can_be_live():
            live = self.live()._repr_mimebundle_()
            data, meta = live if isinstance(live, tuple) else (live, {})
            bundle[WIDGET_MIME] = data[WIDGET_MIME]
        return {k: v for k, v in bundle.items() if (not include or k in include) and k not in (exclude or ())}, meta


def describe(story: Story) -> str:
    """The run in one line, for a title and for a screen reader."""
    switches = sum(1 for s in story.said if s.cause)
    threads = len(story.names) + story.left_out
    parts = [_count(len(story), "step"), _count(threads, "thread"), _count(switches, "switch", "switches")]
    lost = [f"{story.trace.lost} events lost"] if story.trace.lost else []
    return ", ".join(parts + lost)


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def can_be_live() -> bool:
    """Whether a person sits in front of this Jupyter kernel, in a Jupyter that can show widgets.

    Why: jupyter-server sets JPY_SESSION_NAME for a notebook that a person opened; nbval, nbclient and nbconvert do not.
    There the widget's random id would change the notebook on every run, and a dead widget would hide the page that works.
    LABKIT_VIEWS=live or LABKIT_VIEWS=static decides instead.
    """
    wish = os.environ.get("LABKIT_VIEWS", "")
    if wish == "static" or not (wish == "live" or os.environ.get("JPY_SESSION_NAME")):
        return False
    try:
        shell = importlib.import_module("IPython").get_ipython()
        importlib.import_module("anywidget")
    except ImportError:
        return False
    return getattr(shell, "kernel", None) is not None


@cache
def javascript(name: str) -> str:
    """What all views share, then the view's own file: one module."""
    here = Path(__file__).parent
    return (here / "base.js").read_text(encoding="utf-8") + "\n" + (here / f"{name}.js").read_text(encoding="utf-8")


@cache
def stylesheet() -> str:
    """The style of all views: colours from JupyterLab's theme, or the theme's light values where there is no JupyterLab."""
    return Path(__file__).with_name("base.css").read_text(encoding="utf-8")


def _small(source: str) -> str:
    """Source without indentation, whole-line comments and needless blanks: every saved notebook carries it.

    Lines with a quotation mark or a slash are left as they are, so that no text and no pattern is touched.
    """
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).splitlines())
    code = (line for line in lines if line and not line.startswith("//"))
    return "\n".join(line if re.search(r"['\"`/]", line) else re.sub(r" ?([=<>&|?:,;{}()*]+) ?", r"\1", line) for line in code)


@cache
def _widget_class(name: str) -> Any:
    """The anywidget class of a view, made when first shown: without anywidget the other three forms still work."""
    anywidget, traitlets = importlib.import_module("anywidget"), importlib.import_module("traitlets")
    body = {
        "_esm": javascript(name),
        "_css": stylesheet(),
        "data": traitlets.Unicode().tag(sync=True),
        "cursor": traitlets.Int(0).tag(sync=True),
    }
    return type(f"{name.title()}Widget", (anywidget.AnyWidget,), body)
