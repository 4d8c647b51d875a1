"""Pages of the grader in a browser: readable in both themes and at every width, and quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from labkit.grading.feedback import write_feedback
from labkit.grading.report import write_report
from tests.labkit.grading import graded, kit

pytestmark = pytest.mark.requires("browser")
WIDTHS = (1280, 800, 390, 320)
LEAST = 4.5
"""Contrast of text against what is behind it: WCAG 2.2, success criterion 1.4.3."""
CONTRASTS = """() => {
  const luminance = (c) => {
    const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map((v) => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (c !== 'rgba(0, 0, 0, 0)' && c !== 'transparent') return c;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    if (['title', 'desc'].includes(e.tagName)) continue;
    const style = getComputedStyle(e);
    const ink = luminance(e.namespaceURI.includes('svg') ? style.fill : style.color), paper = luminance(behind(e));
    const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
    found.push([Math.round(ratio * 100) / 100, `${e.tagName}.${e.className} ${e.textContent.slice(0, 30)}`]);
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, 3);
}"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name → page."""
    folder = tmp_path_factory.mktemp("grades")
    grades = graded.all_grades()
    odd = graded.grade_of("A long name " * 12, 6, list(graded.mutants().values())[:3], trouble="", remarks={"": ["x" * 300]})
    write_feedback(folder / "feedback", kit.course(), [*grades, odd])
    write_report(folder / "report.html", kit.course(), [*grades, odd])
    found = {f"lesson {page.stem}": page for page in sorted((folder / "feedback" / "Ada Lovelace").glob("*.html"))}
    return found | {"report": folder / "report.html"}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, theme: str) -> Iterator[Page]:
    """An empty page without a network, which fails if anything is asked for or refused."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    context.set_offline(True)
    page, said, asked = context.new_page(), list[Any](), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("file:") else None)
    yield page
    context.close()
    assert said == []
    assert asked == []


def test_pages_fit_every_width_and_read_in_both_themes(page: Page, written: dict[str, Path], theme: str, shots: Path) -> None:
    for name, path in written.items():
        page.goto(path.as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} pixels"
        contrasts = page.evaluate(CONTRASTS)
        assert contrasts[0][0] >= LEAST, f"{name}, {theme}: {contrasts}"
        page.set_viewport_size({"width": 800, "height": 900})
        page.screenshot(path=shots / f"{name.replace(' ', '-')}-{theme}.png")


def test_pictures_take_the_ink_of_the_theme(page: Page, written: dict[str, Path], theme: str) -> None:
    page.goto(written["lesson 08"].as_uri())
    ink = page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill")
    assert ink == page.evaluate("getComputedStyle(document.body).color")
    assert page.locator("figure.ring svg").count() >= 1
    assert page.locator("figure svg .edge").first.bounding_box() is not None


def test_a_keyboard_reaches_the_content_first_and_everything_that_scrolls(page: Page, written: dict[str, Path]) -> None:
    page.goto(written["lesson 06"].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    unreached = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)"
        " && e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert unreached == []


def test_on_paper_nothing_is_folded_away(page: Page, written: dict[str, Path]) -> None:
    page.emulate_media(media="print")
    page.goto(written["lesson 06"].as_uri())
    hidden = page.evaluate(
        "[...document.querySelectorAll('details > *:not(summary)')]"
        ".filter((e) => !e.checkVisibility({contentVisibilityAuto: true})).length"
    )
    assert hidden == 0
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
