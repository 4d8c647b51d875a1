"""The thread map in a real browser: dragged, clicked and walked with the keyboard; live in JupyterLab and saved to disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labkit.views.thread_map import CARDS, thread_map

if TYPE_CHECKING:
    from conftest import Lab, Sheet
    from playwright.sync_api import Locator

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

LOAD = "from labkit.views.thread_map import Card, thread_map"
SOME = ["greenlet", "pthread", "kworker", "interrupt-handler"]


def names_at(sheet: Sheet, place: str) -> list[str]:
    return sheet.part(f"thread_map-at-{place}").get_by_role("button").all_inner_texts()


def middle(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(sheet: Sheet, card: str, place: str) -> None:
    """The mouse takes a card to a place, in a few steps as a hand does."""
    mouse = sheet.page.mouse
    mouse.move(*middle(sheet.part(f"thread_map-card-{card}")))
    mouse.down()
    mouse.move(*middle(sheet.part(f"thread_map-at-{place}")), steps=5)
    mouse.up()


@pytest.mark.parametrize("width", [1280, 800])
def test_cards_are_dragged_checked_and_tried_again(lab: Lab, width: int) -> None:
    sheet = lab.live(LOAD, "thread_map()", width=width)
    root = sheet.part("thread_map-view")
    root.scroll_into_view_if_needed()
    before = root.bounding_box()
    for card, place in {
        "greenlet": "program/user",
        "pthread": "kernel/kernel",
        "pid-1": "program/kernel",
        "kworker": "none",
    }.items():
        drag(sheet, card, place)
    assert names_at(sheet, "program/user") == ["greenlet"]
    sheet.part("thread_map-check").click()
    says = sheet.part("thread_map-says").inner_text()
    assert sheet.part("thread_map-aloud").inner_text() == "✓ 1 right, ✗ 3 wrong, 9 not placed."
    assert "✗ pthread: who schedules it is right; where it runs is not" in says
    assert "✗ PID 1 (init): think again about both questions" in says
    assert "✗ kworker: somebody does schedule it: who?" in says
    assert "✓ greenlet: It runs until the program itself" in says
    assert names_at(sheet, "program/user") == ["✓ greenlet"], "the sign says it, not the colour alone"
    assert names_at(sheet, "kernel/kernel") == ["✗ pthread"]
    assert "It makes the other kthreads" not in says, "what was not placed is not told"
    sheet.shot(f"thread_map-checked-light-{width}")
    sheet.theme("dark")
    sheet.shot(f"thread_map-checked-dark-{width}")
    sheet.theme("light")
    sheet.part("thread_map-again").click()
    assert names_at(sheet, "kernel/kernel") == []
    assert names_at(sheet, "program/user") == ["✓ greenlet"]
    sheet.part("thread_map-answers").click()
    assert sheet.part("thread_map-aloud").inner_text() == "✓ All 13 right."
    assert "One field stays empty" in sheet.part("thread_map-says").inner_text()
    sheet.shot(f"thread_map-answers-light-{width}")
    sheet.theme("dark")
    sheet.shot(f"thread_map-answers-dark-{width}")
    sheet.theme("light")
    sheet.part("thread_map-reset").click()
    assert len(names_at(sheet, "tray")) == 13
    after = root.bounding_box()
    assert before
    assert after
    assert (after["width"], after["height"]) == (before["width"], before["height"]), "nothing jumps"
    sheet.assert_quiet()


def test_a_drag_may_begin_before_the_timer_of_the_last_one_is_due(lab: Lab) -> None:
    sheet = lab.live(LOAD, f"thread_map({SOME})")
    start, end = middle(sheet.part("thread_map-card-kworker")), middle(sheet.part("thread_map-at-kernel/kernel"))
    sheet.page.evaluate(
        """() => { window.late = []; const before = window.setTimeout;
        window.setTimeout = (f, ms, ...rest) => ms === undefined ? window.late.push(f) : before(f, ms, ...rest);
        window.due = () => { window.setTimeout = before; window.late.forEach((f) => f()); }; }"""
    )
    drag(sheet, "interrupt-handler", "none")
    mouse = sheet.page.mouse
    mouse.move(*start)
    mouse.down()
    sheet.page.evaluate("() => window.due()")
    mouse.move(*end, steps=5)
    mouse.up()
    assert names_at(sheet, "kernel/kernel") == ["kworker"]
    sheet.assert_quiet()


def test_a_card_that_is_moved_after_a_check_has_no_mark_any_more(lab: Lab) -> None:
    sheet = lab.live(LOAD, "thread_map(placed={'pthread': 'kernel/kernel'})")
    sheet.part("thread_map-check").click()
    assert names_at(sheet, "kernel/kernel") == ["✗ pthread"]
    drag(sheet, "pthread", "kernel/user")
    assert names_at(sheet, "kernel/user") == ["pthread"]
    sheet.part("thread_map-check").click()
    assert names_at(sheet, "kernel/user") == ["✓ pthread"]
    sheet.assert_quiet()


def test_the_keyboard_alone_places_every_card(lab: Lab) -> None:
    sheet = lab.live(LOAD, f"thread_map({SOME})")
    keys = sheet.page.keyboard
    tray = sheet.part("thread_map-at-tray").get_by_role("button")
    tray.first.focus()
    for card, arrows in {
        "greenlet": ["ArrowRight", "ArrowRight"],
        "pthread": ["ArrowRight"],
        "kworker": ["ArrowRight", "ArrowDown"],
        "interrupt-handler": ["ArrowRight", "ArrowDown", "ArrowDown"],
    }.items():
        keys.press("Home")
        assert sheet.part(f"thread_map-card-{card}").evaluate("(node) => node === document.activeElement")
        keys.press("Enter")
        assert sheet.part(f"thread_map-card-{card}").get_attribute("aria-pressed") == "true"
        for arrow in arrows:
            keys.press(arrow)
        keys.press("Enter")
        assert CARDS[card].name in sheet.part("thread_map-aloud").inner_text()
        assert sheet.part(f"thread_map-card-{card}").get_attribute("aria-pressed") == "false"
    sheet.part("thread_map-check").focus()
    keys.press("Enter")
    assert "✓ All 4 right" in sheet.part("thread_map-aloud").inner_text(), "a screen reader hears it"
    label = sheet.part("thread_map-card-pthread").get_attribute("aria-label")
    assert label == "pthread, the kernel schedules it, runs in user space, right"
    sheet.assert_quiet()


def test_escape_puts_a_card_back_where_it_was(lab: Lab) -> None:
    sheet = lab.live(LOAD, f"thread_map({SOME}, placed={{'pthread': 'none'}})")
    sheet.part("thread_map-card-pthread").focus()
    for key in ("Enter", "ArrowUp", "ArrowRight", "Escape"):
        sheet.page.keyboard.press(key)
    assert names_at(sheet, "none") == ["pthread"]
    sheet.assert_quiet()


def test_a_click_on_a_card_and_one_on_a_field_do_what_a_drag_does(lab: Lab) -> None:
    sheet = lab.live(LOAD, f"thread_map({SOME})", width=800)
    sheet.part("thread_map-card-kworker").click()
    sheet.part("thread_map-at-kernel/kernel").click()
    assert names_at(sheet, "kernel/kernel") == ["kworker"]
    assert sheet.part("thread_map-card-kworker").get_attribute("aria-pressed") == "false"
    sheet.assert_quiet()


def test_a_finger_drags_too_on_a_saved_page(lab: Lab, tmp_path: Path) -> None:
    sheet, inside = lab.saved(thread_map(SOME).html(), tmp_path, height=640)
    start = middle(inside.get_by_test_id("thread_map-card-kworker"))
    end = middle(inside.get_by_test_id("thread_map-at-kernel/kernel"))
    touch = sheet.context.new_cdp_session(sheet.page)
    points = [(start[0] + (end[0] - start[0]) * i / 5, start[1] + (end[1] - start[1]) * i / 5) for i in range(6)]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": points[0][0], "y": points[0][1]}]})
    for x, y in points[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert inside.get_by_test_id("thread_map-at-kernel/kernel").get_by_role("button").all_inner_texts() == ["kworker"]
    inside.get_by_test_id("thread_map-check").click()
    assert inside.get_by_test_id("thread_map-aloud").inner_text() == "✓ 1 right, ✗ 0 wrong, 3 not placed."
    sheet.shot("thread_map-offline-800")
    sheet.assert_quiet()
