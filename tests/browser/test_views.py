"""Views in a real browser: live in JupyterLab, and as a page of its own that was saved to disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labkit.tracelog import Trace
from labkit.views import RunQueue, Timeline

if TYPE_CHECKING:
    from conftest import Lab

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

TRACES = Path(__file__).parents[1] / "labkit" / "views" / "traces.py"
LOAD = f"import runpy; from labkit.views import *; made = runpy.run_path({str(TRACES)!r})"


@pytest.fixture
def trace() -> Trace:
    import runpy

    made: Trace = runpy.run_path(str(TRACES))["locked"]()
    return made


def test_both_views_draw_live_and_follow_the_keyboard(lab: Lab) -> None:
    sheet = lab.live(LOAD, "RunQueue(made['locked']())", "Timeline(made['locked']())")
    for view in ("runqueue", "timeline"):
        sheet.part(f"{view}-view").scroll_into_view_if_needed()
        assert sheet.page.get_by_test_id(f"{view}-view").count() == 1, "one picture for each cell, not the live and the still one"
        sheet.part(f"{view}-scrub").focus()
        for _ in range(8):
            sheet.page.keyboard.press("ArrowRight")
        assert sheet.part(f"{view}-view").get_attribute("data-step") == "8"
        assert "A blocks, waiting for m, held by main; B runs" in sheet.part(f"{view}-says").inner_text()
        sheet.page.keyboard.press("End")
        assert "main ends" in sheet.part(f"{view}-says").inner_text()
    assert sheet.page.locator("iframe").count() == 0
    sheet.shot("views-light-1280")
    sheet.theme("dark")
    sheet.shot("views-dark-1280")
    sheet.theme("light")
    sheet.assert_quiet()


def test_run_queue_shows_cards_that_change_places(lab: Lab) -> None:
    sheet = lab.live(LOAD, "RunQueue(made['locked']())", width=800)
    for _ in range(8):
        sheet.part("runqueue-step").click()
    cards = {lane: sheet.part(f"runqueue-{lane}").inner_text().split() for lane in ("running", "queue", "blocked")}
    assert cards["running"] == ["B"]
    assert cards["queue"][0] == "main"
    assert " ".join(cards["blocked"]) == "A m, held by main"
    sheet.shot("runqueue-800")
    sheet.part("runqueue-back").click()
    assert sheet.part("runqueue-running").inner_text().split() == ["A"]
    sheet.part("runqueue-last").click()
    assert "ended: main, A, B" in sheet.part("runqueue-rest").inner_text()
    sheet.part("runqueue-first").click()
    assert "not spawned yet: A, B" in sheet.part("runqueue-rest").inner_text()
    sheet.assert_quiet()


def test_timeline_zooms_and_tells_what_is_under_the_pointer(lab: Lab) -> None:
    sheet = lab.live(LOAD, "Timeline(made['locked']())", width=800)
    canvas = sheet.part("timeline-canvas")
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    for _ in range(5):
        sheet.page.keyboard.press("ArrowRight")
    before = float(canvas.get_attribute("data-cursor-x") or "nan")
    sheet.page.keyboard.press("ArrowDown")
    assert sheet.part("timeline-view").get_attribute("data-step") == "8", "arrow down goes to the next switch"
    sheet.page.wait_for_function(
        "(x) => +document.querySelector('[data-testid=timeline-canvas]').dataset.cursorX > x", arg=before
    )
    box = canvas.bounding_box()
    assert box
    sheet.page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 20 + 34 * 1.4)
    tip = sheet.part("timeline-tip").inner_text()
    assert "A: blocked, waits for m, held by main" in tip
    sheet.shot("timeline-hover-800")
    canvas.focus()
    sheet.page.keyboard.press("+")
    sheet.part("timeline-axis").click()
    assert sheet.part("timeline-axis").inner_text() == "axis: time"
    sheet.assert_quiet()


def test_a_hundred_thousand_events_are_painted_within_a_bounded_time(lab: Lab) -> None:
    sheet = lab.live(LOAD, "Timeline(made['long'](), title='100,000 events')")
    canvas = sheet.part("timeline-canvas")
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    paints = []
    for key in ["ArrowRight", *"++++++++++--------", "End", "0"]:
        sheet.page.keyboard.press(key)
        sheet.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        paints.append(float(canvas.get_attribute("data-paint-ms") or "nan"))
    print("ms per frame:", paints)
    sheet.shot("timeline-100000")
    # Why so much room: this is a law about growth, not a benchmark. Drawing 100,000 spans one by one takes seconds.
    assert max(paints) < 500
    sheet.assert_quiet()


@pytest.mark.parametrize("view", [RunQueue, Timeline], ids=lambda v: v.name)
def test_a_saved_page_steps_offline(lab: Lab, trace: Trace, tmp_path: Path, view: type[RunQueue | Timeline]) -> None:
    """The page is the iframe of a static notebook, and it must work from a disk."""
    sheet, inside = lab.saved(view(trace).html(), tmp_path, height=420)
    for _ in range(5):
        inside.get_by_test_id(f"{view.name}-step").click()
    assert "main yields; A runs" in inside.get_by_test_id(f"{view.name}-says").inner_text()
    sheet.shot(f"{view.name}-offline-800")
    sheet.assert_quiet()
