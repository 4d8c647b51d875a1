"""The views of exploration in a real browser: live in JupyterLab, and as pages of their own that were saved to disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labkit import views

if TYPE_CHECKING:
    from conftest import Lab

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

NAMES = ["lockgraph"]
LOAD = "from labkit import views"


def sample(name: str) -> str:
    """A cell that draws the usual sample of a view."""
    return f"views.find({name!r}).samples()['usual']()"


@pytest.mark.parametrize("width", [1280, 800])
def test_every_view_draws_live_in_both_themes_at_the_height_it_said(lab: Lab, width: int) -> None:
    sheet = lab.live(LOAD, *(sample(name) for name in NAMES), width=width)
    for theme in ("light", "dark"):
        sheet.theme(theme)
        for cell, name in enumerate(NAMES, 1):
            sheet.go_to(cell)
            part = sheet.part(f"{name}-view")
            part.wait_for()
            box = part.bounding_box()
            assert box
            assert round(box["height"]) == views.find(name).samples()["usual"]().height, name
            sheet.shot(f"{name}-{theme}-{width}")
    sheet.theme("light")
    assert sheet.page.locator("iframe").count() == 0
    sheet.assert_quiet()


def test_the_wait_for_graph_steps_to_the_cycle_and_names_it(lab: Lab) -> None:
    sheet = lab.live(LOAD, sample("lockgraph"))
    chains, says = sheet.part("lockgraph-chains"), sheet.part("lockgraph-says")
    assert "cycle: A waits for m2, held by B, which waits for m1, held by A" in chains.inner_text()
    sheet.part("lockgraph-scrub").focus()
    sheet.page.keyboard.press("Home")
    assert chains.inner_text() == "nobody waits"
    sheet.page.keyboard.press("ArrowDown")
    assert chains.inner_text() == "main waits for the end of B"
    for _ in range(3):
        sheet.page.keyboard.press("ArrowDown")
    assert "A must wait for m2" in says.inner_text()
    assert "A waits for m2, held by B" in chains.inner_text()
    assert sheet.part("lockgraph-view").get_attribute("data-cycles") == "0"
    sheet.part("lockgraph-cycle").click()
    assert sheet.part("lockgraph-view").get_attribute("data-cycles") == "1"
    sheet.assert_quiet()


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_page_works_offline(lab: Lab, tmp_path: Path, name: str) -> None:
    """The page is the iframe of a static notebook, and it must work from a disk and fit into its frame."""
    shown = views.find(name).samples()["awkward"]()
    (tmp_path / "static.html").write_text(f"<!doctype html><body>{shown.html()}</body>", encoding="utf-8")
    sheet = lab.sheet(width=800, height=700)
    sheet.context.set_offline(True)
    sheet.page.goto((tmp_path / "static.html").as_uri())
    root = sheet.page.frame_locator("iframe").get_by_test_id(f"{name}-view")
    box = root.bounding_box()
    assert box
    assert round(box["height"]) == shown.height
    assert not root.evaluate("(node) => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    sheet.shot(f"{name}-offline-800")
    sheet.assert_quiet()
