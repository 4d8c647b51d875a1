"""The memory view in a real browser: C and Python programs, walked with the keys, with the addresses of this run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labkit.views import Memory
from labkit.views.memory import sample

if TYPE_CHECKING:
    from conftest import Lab, Sheet

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

PROGRAM = Path(__file__).parents[1] / "native" / "memory.c"
C = f"""
from pathlib import Path
from labkit.native import run as run_c
run_c(Path({str(PROGRAM)!r}), "pthread").memory()
"""
PYTHON = """
from labkit import run, spawn, sched_yield
from labkit.look import look

def main():
    box, count = [], 0

    def work(number):
        nonlocal count
        mine = [number]
        box.append(number)
        count += 1
        look(f"thread {number} has appended")
        sched_yield()

    for thread in [spawn(work, 1), spawn(work, 2)]:
        thread.join()
    look("all have ended")

run(main)
look()
"""
SAMPLES = "from labkit.views.memory import *"


def now(sheet: Sheet) -> str:
    return sheet.part("memory-view").get_attribute("data-now") or ""


@pytest.mark.requires("cc", "linux")
@pytest.mark.parametrize("width", [1280, 800])
def test_pictures_of_both_languages_draw_in_both_themes_at_the_height_they_said(lab: Lab, width: int) -> None:
    cells = [C, PYTHON, "Memory([sample('x' * 60, 8)])", "Memory([sample('x', 20)])", "Memory([])", "Memory([sample('x', 1)])"]
    names = ["c", "python", "8", "20", "empty", "1"]
    sheet = lab.live(SAMPLES, *cells, width=width)
    for theme in ("light", "dark"):
        sheet.theme(theme)
        for cell, name in enumerate(names, 1):
            sheet.go_to(cell)
            view = sheet.page.locator(".jp-Cell").nth(cell).get_by_test_id("memory-view")
            view.wait_for()
            box = view.bounding_box()
            said = re.search(r"min-height: ?(\d+)px", view.get_attribute("style") or "")
            assert box
            assert said
            assert round(box["height"]) == int(said[1]), name
            view.evaluate("(node) => node.scrollIntoView()")
            sheet.shot(f"memory-{name}-{theme}-{width}")
    sheet.theme("light")
    assert sheet.page.locator("iframe").count() == 0
    sheet.assert_quiet()


@pytest.mark.requires("cc", "linux")
def test_a_pointer_is_followed_with_the_keyboard_and_back_again(lab: Lab) -> None:
    sheet = lab.live(C)
    scene, says, keys = sheet.part("memory-scene"), sheet.part("memory-says"), sheet.page.keyboard
    scene.focus()
    keys.press("ArrowDown")
    assert now(sheet) == "stack main"
    assert "local variables and return addresses of one thread; main's own" in says.inner_text()
    while "p, in work()" not in says.inner_text():
        keys.press("ArrowDown")
    assert "It leads to x in main(), the stack of main." in says.inner_text()
    assert scene.get_attribute("aria-activedescendant")
    keys.press("Enter")
    assert now(sheet) == "stack main 1 1"
    assert "x (also *p) = 4, in main(), stack of main, 4 bytes, reached by main, A and B." in says.inner_text()
    assert sheet.page.locator(".lk-pointer.lk-on").count() == 2, "both threads' pointers lead here"
    sheet.shot("memory-followed")
    keys.press("Backspace")
    assert "p, in work()" in says.inner_text()
    keys.press("ArrowRight")
    keys.press("End")
    assert ".text: machine code of the program; shared by all threads." in says.inner_text()
    sheet.assert_quiet()


@pytest.mark.requires("cc", "linux")
def test_addresses_are_shown_to_who_asks_and_nothing_moves(lab: Lab) -> None:
    sheet = lab.live(C)
    toggle = sheet.part("memory-addresses")
    sheet.page.wait_for_function("() => !document.querySelector('[data-testid=memory-addresses]').disabled")
    box = sheet.part("memory-view").bounding_box()
    assert not re.search(r"0x[0-9a-f]{6}", sheet.part("memory-picture").inner_html())
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "true"
    assert len(re.findall(r"0x[0-9a-f]{6}", sheet.part("memory-picture").inner_html())) > 20
    assert sheet.part("memory-view").bounding_box() == box
    sheet.page.locator("[data-key='stack A guard']").hover()
    assert "nobody may touch it" in sheet.part("memory-says").inner_text()
    assert re.search(r"maps: [0-9a-f]+-[0-9a-f]+ ---p", sheet.part("memory-detail").inner_text())
    sheet.shot("memory-addresses-1280")
    sheet.page.set_viewport_size({"width": 800, "height": 900})
    sheet.page.wait_for_function("() => document.querySelector('[data-testid=memory-picture]').viewBox.baseVal.width < 500")
    assert "…" in (sheet.page.locator("[data-key='stack main']").text_content() or "")
    sheet.shot("memory-addresses-800")
    sheet.assert_quiet()


def test_moments_of_a_python_program_are_stepped_through(lab: Lab) -> None:
    sheet = lab.live(PYTHON)
    moment = sheet.part("memory-moment")
    assert moment.inner_text() == "2 of 3: thread 2 has appended"
    sheet.part("memory-back").click()
    assert moment.inner_text() == "1 of 3: thread 1 has appended"
    sheet.part("memory-scene").focus()
    sheet.page.keyboard.press("PageDown")
    sheet.page.keyboard.press("PageDown")
    assert moment.inner_text() == "3 of 3: all have ended"
    assert sheet.page.get_by_text("has ended: its stack is gone").count() == 2
    sheet.assert_quiet()


def test_a_saved_page_is_walked_offline_and_has_no_addresses(lab: Lab, tmp_path: Path) -> None:
    sheet, inside = lab.saved(Memory([sample("x")]).html(), tmp_path, height=560)
    inside.get_by_test_id("memory-scene").focus()
    for _ in range(3):
        sheet.page.keyboard.press("ArrowDown")
    assert "x = 1, in work(), stack of main" in inside.get_by_test_id("memory-says").inner_text()
    assert inside.get_by_test_id("memory-addresses").is_disabled()
    sheet.shot("memory-offline-800")
    sheet.assert_quiet()
