"""What every view keeps, whatever it draws: four forms, the same each time, small, and offline."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from labkit import views
from labkit.tracelog import Trace
from labkit.views.base import AWKWARD, WIDGET_MIME, View
from labkit.views.story import PAGE_MAX_EVENTS, TraceView


def _sibling(name: str) -> Any:
    """The hand-made traces; tests are no package, so they are loaded by path."""
    path = Path(__file__).parents[1] / "labkit" / "views" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"views_{name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TRACES = _sibling("traces").TRACES
VIEWS = Path(views.__file__).parent
every_view = pytest.mark.parametrize("view", views.ALL, ids=lambda v: v.name)
TRACE_VIEWS = [view for view in views.ALL if issubclass(view, TraceView)]
every_trace_view = pytest.mark.parametrize("view", TRACE_VIEWS, ids=lambda v: v.name)
every_sample = pytest.mark.parametrize(
    ("view", "kind"),
    [(view, kind) for view in views.ALL for kind in [*view.samples(), *(TRACES if issubclass(view, TraceView) else ())]],
    ids=lambda value: value if isinstance(value, str) else value.name,
)


@cache
def trace_of(kind: str) -> Trace:
    trace: Trace = TRACES[kind]()
    return trace


@cache
def drawn(view: type[View], kind: str) -> View:
    """The view of a hand-made trace, or of its own sample."""
    return fresh(view, kind)


def fresh(view: type[View], kind: str) -> View:
    if issubclass(view, TraceView) and kind in TRACES:
        return view(TRACES[kind]())
    return view.samples()[kind]()


def mimes(view: View, **filters: Any) -> dict[str, Any]:
    bundle: dict[str, Any] = view._repr_mimebundle_(**filters)[0]
    return bundle


@every_sample
def test_equal_data_give_equal_pictures(view: type[View], kind: str) -> None:
    assert mimes(fresh(view, kind)) == mimes(fresh(view, kind))


@every_sample
def test_text_twin_has_words_and_fits_a_page(view: type[View], kind: str) -> None:
    lines = drawn(view, kind).text().splitlines()
    assert view.heading in lines[0]
    assert len(lines) < 130
    assert all(line == line.rstrip() for line in lines)
    assert all(len(line) <= 140 for line in lines)


@every_sample
def test_svg_is_well_formed_named_and_small(view: type[View], kind: str) -> None:
    svg = drawn(view, kind).svg()
    root = ET.fromstring(svg)
    assert root.find("{*}title") is not None
    assert root.find("{*}desc") is not None
    assert len(svg) <= 40_000
    assert "<script" not in svg


@every_sample
def test_no_form_refers_to_another_machine(view: type[View], kind: str) -> None:
    for text in mimes(drawn(view, kind)).values():
        assert set(re.findall(r"\w+://[^\s\"'<>]*", text)) <= {"http://www.w3.org/2000/svg"}
        assert "@import" not in text


@every_sample
def test_height_is_known_before_anything_is_drawn(view: type[View], kind: str) -> None:
    assert 150 <= drawn(view, kind).height <= 1_400


@every_view
def test_page_survives_the_quotes_and_tags_of_a_name(view: type[View]) -> None:
    shown = drawn(view, "awkward")
    frame = re.fullmatch(r'<iframe [^>]*srcdoc="([^"]*)"></iframe>', shown.html(), re.DOTALL)
    assert frame
    assert html.unescape(frame[1]) == shown.page()
    assert shown.page().count("</script>") == 2
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', shown.page(), re.DOTALL)
    assert data
    assert json.loads(data[1]) == json.loads(shown.data())
    assert AWKWARD in _strings(json.loads(data[1]))


def _strings(data: Any) -> str:
    """All strings of a JSON value in one."""
    if isinstance(data, dict):
        return " ".join([*data, *map(_strings, data.values())])
    return " ".join(map(_strings, data)) if isinstance(data, list) else str(data)


@every_view
def test_page_keeps_the_blanks_that_a_stylesheet_needs(view: type[View]) -> None:
    page = drawn(view, "usual").page()
    assert ".lk *{box-sizing: border-box" in page
    assert ".lk :focus-visible{outline" in page


@every_view
def test_page_forbids_itself_every_request(view: type[View]) -> None:
    assert "default-src 'none'" in drawn(view, "usual").page()
    assert 'sandbox="allow-scripts"' in drawn(view, "usual").html()


@every_view
def test_a_small_picture_leaves_a_small_notebook(view: type[View]) -> None:
    assert sum(len(text.encode()) for text in mimes(drawn(view, "usual")).values()) < 40_000


@every_trace_view
def test_a_short_run_leaves_a_small_notebook(view: type[View]) -> None:
    raw = [(i * 1000, *event[1:]) for i, event in enumerate([*trace_of("locked").raw, *trace_of("locked").raw])]
    bundle = mimes(view(Trace(raw, trace_of("locked").threads)))
    assert sum(len(text.encode()) for text in bundle.values()) < 27_000


@every_view
def test_bundle_has_the_three_still_forms(view: type[View]) -> None:
    assert set(mimes(drawn(view, "usual"))) == {"text/plain", "image/svg+xml", "text/html"}
    assert set(mimes(drawn(view, "usual"), include={"text/plain"})) == {"text/plain"}
    assert set(mimes(drawn(view, "usual"), exclude={"text/html"})) == {"text/plain", "image/svg+xml"}
    assert repr(drawn(view, "usual")) == drawn(view, "usual").text()


@every_trace_view
def test_a_long_run_leaves_the_page_out_of_the_notebook(view: type[View]) -> None:
    assert len(trace_of("100,000 events")) > PAGE_MAX_EVENTS
    assert set(mimes(drawn(view, "100,000 events"))) == {"text/plain", "image/svg+xml"}


@every_view
def test_live_widget_carries_the_same_story(view: type[View], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("anywidget", reason="anywidget is not installed: pip install labkit[course]")
    shown = fresh(view, "usual")
    assert shown.live() is shown.live()
    assert shown.live().data == shown.data()
    monkeypatch.setattr("labkit.views.base.can_be_live", lambda: True)
    assert WIDGET_MIME in mimes(shown)


@every_view
def test_view_is_two_files_of_one_stem(view: type[View]) -> None:
    assert view.__module__ == f"labkit.views.{view.name}"
    assert len((VIEWS / f"{view.name}.js").read_text(encoding="utf-8").splitlines()) <= 300
    assert views.find(view.name) is view


@every_view
def test_javascript_is_one_module_that_parses(view: type[View], tmp_path: Path) -> None:
    source = view.javascript()
    assert source.count("export default") == 1
    assert not re.search(r"^\s*import\b|\bfetch\(|XMLHttpRequest|WebSocket", source, re.MULTILINE)
    node = shutil.which("node")
    if node:
        (tmp_path / "view.mjs").write_text(source, encoding="utf-8")
        subprocess.run([node, "--check", tmp_path / "view.mjs"], check=True, timeout=60)


def test_an_unknown_view_is_answered_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="runqueue, timeline"):
        views.find("gantt")


def test_views_need_no_anywidget_until_somebody_looks() -> None:
    code = """
import sys
sys.modules['anywidget'] = None
from labkit.views import ALL
for view in ALL:
    print(view.samples()["usual"]())
    view.samples()["empty"]()._repr_mimebundle_()
print('IPython' in sys.modules, 'ipywidgets' in sys.modules)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert out.splitlines()[-1] == "False False"
