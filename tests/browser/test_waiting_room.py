"""The waiting room in a real browser: played with the mouse and with the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lab, Sheet

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

ROOM = "from labkit.views import WaitingRoom\nroom = WaitingRoom('Ann Bob', look='if'); room"


def answered(sheet: Sheet, steps: int) -> None:
    """Wait until Python has answered."""
    sheet.page.wait_for_selector(f"[data-testid=waiting_room-view][data-steps='{steps}'][data-waits=false]")


def test_a_wake_up_is_stolen_with_six_clicks_and_the_seventh_breaks_it(lab: Lab) -> None:
    sheet = lab.live(ROOM)
    asleep, says = sheet.part("waiting_room-place-2"), sheet.part("waiting_room-says")
    assert sheet.part("waiting_room-spurious").is_disabled(), "nobody is asleep"
    for n, part in enumerate(("guest-Ann", "guest-Ann", "serve"), 1):
        sheet.part(f"waiting_room-{part}").click()
        answered(sheet, n)
        if n == 1:
            assert sheet.part("waiting_room-serve").is_disabled(), "the lock is taken"
        if n == 2:
            assert "Ann" in asleep.inner_text()
    assert "this wakes Ann" in says.inner_text()
    sheet.shot("waiting_room-woken")
    for n, part in enumerate(("guest-Bob", "guest-Bob", "guest-Ann", "guest-Ann"), 4):
        sheet.part(f"waiting_room-{part}").click()
        answered(sheet, n)
    assert "did not look again" in says.inner_text()
    assert sheet.part("waiting_room-guest-Ann").is_disabled()
    sheet.shot("waiting_room-broken")
    sheet.part("waiting_room-undo").click()
    answered(sheet, 6)
    sheet.part("waiting_room-restart").click()
    answered(sheet, 0)
    assert sheet.part("waiting_room-steps").inner_text() == "none"
    sheet.assert_quiet()


def test_the_room_is_played_with_the_keyboard(lab: Lab) -> None:
    sheet = lab.live(ROOM)
    sheet.part("waiting_room-guest-Ann").focus()
    focused = []
    for n, key in enumerate(("1", "1", "s", "x"), 1):
        if key == "x":  # nobody is asleep any more: the key does nothing
            sheet.page.keyboard.press(key)
            continue
        sheet.page.keyboard.press(key)
        answered(sheet, n)
        focused.append(sheet.page.evaluate("document.activeElement.dataset.guest"))
    assert focused == ["Ann", "Bob", "Bob"], "focus goes where somebody can go on"
    sheet.page.keyboard.press("z")
    answered(sheet, 2)
    assert sheet.part("waiting_room-steps").inner_text() == "Ann Ann"
    sheet.assert_quiet()
