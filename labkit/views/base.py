"""What every view shares: one picture in four forms, for four kinds of reader.

- text/plain: the text twin, the same for the same data on every run; tests compare it, screen readers read it.
- image/svg+xml: a picture that stands still, for paper.
- text/html: a page of its own inside an iframe, for static pages; it works offline and asks nobody for anything.
- a live widget (anywidget) in JupyterLab, where the picture follows the theme and 100,000 events travel once.

The JavaScript is the same for the last two: only the object it calls `model` differs. What a view draws (a trace, tasks, kernel
messages) is the view's own affair; views of a trace share story.py and story.js as well.
"""

from __future__ import annotations

import html
import importlib
import json
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

WIDGET_MIME: Final = "application/vnd.jupyter.widget-view+json"

AWKWARD: Final = "</script><b>\"quoted\" & 'single'"
"""A name that would break a page which forgot to escape it; every view has a sample with it."""

# Why: the page forbids itself every request, so that "offline" is a fact and not a hope.
PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8">\
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">\
<title>{title}</title><style>{css}</style></head><body><div id="view"></div>
<script type="application/json" id="data">{data}</script>
<script type="module">
{js}
const kept = {{ data: document.getElementById('data').textContent, cursor: 0, ask: '', answer: '' }};
const model = {{ get: (k) => kept[k], set: (k, v) => {{ kept[k] = v; }}, on() {{}}, off() {{}}, save_changes() {{}} }};
view.render({{ model, el: document.getElementById('view') }});
</script></body></html>"""


class View:
    """A picture of some data. A view adds `text()`, `svg()`, `describe()`, `pack()`, `height` and the JavaScript of its own name.

    Args:
        title: words above the picture; the view has its own when this is empty.
    """

    name: ClassVar[str] = ""
    """Stem of its files, and what draw() and find() know it by."""
    heading: ClassVar[str] = ""
    """What stands above the picture when it has no title."""
    scripts: ClassVar[tuple[str, ...]] = ("base",)
    """Stems of the JavaScript files that its own one builds on."""

    def __init__(self, title: str = "") -> None:
        self.title = title
        self._widget: Any = None

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        """Small data for the contract tests: makers of an "empty" view, a "usual" one, and one with "awkward" names in it."""
        raise NotImplementedError

    def text(self) -> str:
        """The text twin: the same picture in characters, equal for equal data."""
        raise NotImplementedError

    def svg(self) -> str:
        """The picture as SVG, without a script."""
        raise NotImplementedError

    def describe(self) -> str:
        """The picture in one line, for its title and for a screen reader."""
        raise NotImplementedError

    def pack(self) -> dict[str, Any]:
        """What the view's JavaScript draws, ready for JSON."""
        raise NotImplementedError

    @property
    def height(self) -> int:
        """Height in pixels. It depends on the data alone, so that nothing jumps while the picture loads."""
        raise NotImplementedError

    @property
    def fits_a_page(self) -> bool:
        """Whether text/html may carry the data. If not, a static page shows the SVG: a notebook stays small."""
        return True

    def reply(self, ask: str) -> str:
        """What the live picture gets for a question that its JavaScript asks; only few views have any."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """Title and description: the first line of every form."""
        return f"{self.title or self.heading}: {self.describe()}"

    def data(self) -> str:
        """All that the JavaScript gets, as JSON."""
        head = {"heading": self.title or self.heading, "describe": self.describe(), "height": self.height}
        return json.dumps({**head, **self.pack()}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def javascript(cls) -> str:
        """What views share, then the view's own file: one module."""
        return "\n".join(_source(f"{stem}.js") for stem in (*cls.scripts, cls.name))

    @classmethod
    def stylesheet(cls) -> str:
        """The style of all views, then the view's own where it has one.

        Colours come from JupyterLab's theme, or are the theme's light values where there is no JupyterLab.
        """
        return _source("base.css") + _source(f"{cls.name}.css")

    def page(self) -> str:
        """The picture as a page of its own: save it, open it offline, step through it."""
        data = self.data().replace("</", "<\\/")
        js = _small(self.javascript().replace("export default", "const view ="))
        return PAGE.format(
            title=html.escape(self.title or self.heading), css=_small(self.stylesheet(), tight="{};"), data=data, js=js
        )

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
            self._widget = _widget_class(type(self).__name__, self.javascript(), self.stylesheet())(data=self.data())
            self._widget.observe(self._reply, "ask")
        return self._widget

    def _reply(self, change: Any) -> None:
        """Answer the JavaScript, with the question before the answer so that a late one is known as such."""
        self._widget.answer = json.dumps([change["new"], self.reply(change["new"])])

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """What Jupyter stores: the still forms always, the live one where somebody can see it."""
        bundle: dict[str, Any] = {"text/plain": self.text(), "image/svg+xml": self.svg()}
        if self.fits_a_page:
            bundle["text/html"] = self.html()
        meta: dict[str, Any] = {}
        if can_be_live():
            live = self.live()._repr_mimebundle_()
            data, meta = live if isinstance(live, tuple) else (live, {})
            bundle[WIDGET_MIME] = data[WIDGET_MIME]
        return {k: v for k, v in bundle.items() if (not include or k in include) and k not in (exclude or ())}, meta


def count(n: int, one: str, many: str = "") -> str:
    """A number and its noun: count(2, "switch", "switches") is "2 switches"."""
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
def _source(name: str) -> str:
    """A file of this folder; nothing for a view that has no style of its own."""
    path = Path(__file__).with_name(name)
    return path.read_text(encoding="utf-8") if path.exists() or path.suffix != ".css" else ""


def _small(source: str, tight: str = "=<>&|?:,;{}()*") -> str:
    """Source without indentation, whole-line comments and blanks around the `tight` characters: every saved notebook carries it.

    Lines with a quotation mark or a slash are left as they are, so that no text and no pattern is touched. In a stylesheet
    few characters are tight: ".lk *" and ".lk :focus" mean something else without the blank.
    """
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).splitlines())
    code = (line for line in lines if line and not line.startswith("//"))
    blanks = re.compile(f" ?([{re.escape(tight)}]+) ?")
    return "\n".join(line if re.search(r"['\"`/]", line) else blanks.sub(r"\1", line) for line in code)


@cache
def _widget_class(name: str, script: str, style: str) -> Any:
    """The anywidget class of a view, made when first shown: without anywidget the other three forms still work."""
    anywidget, traitlets = importlib.import_module("anywidget"), importlib.import_module("traitlets")
    body = {
        "_esm": script,
        "_css": style,
        "data": traitlets.Unicode().tag(sync=True),
        "cursor": traitlets.Int(0).tag(sync=True),
        "ask": traitlets.Unicode().tag(sync=True),
        "answer": traitlets.Unicode().tag(sync=True),
    }
    return type(f"{name}Widget", (anywidget.AnyWidget,), body)
