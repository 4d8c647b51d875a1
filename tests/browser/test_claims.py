"""The claims test in a real JupyterLab: clicked and typed, in both themes, before the course and after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Lab, Sheet
    from playwright.sync_api import Locator

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]


def asking(folder: Path) -> str:
    """A cell after which questions are asked, and the answers are kept in a folder of the test's own."""
    return (
        "import os; os.environ.pop('LABKIT_PREDICT', None)\n"
        f"os.environ['LABKIT_PROGRESS_DIR'] = {str(folder)!r}\n"
        "from labkit.course import claims_test"
    )


def quiz(sheet: Sheet, nth: int = 0) -> Locator:
    box = sheet.page.locator(".labkit-quiz").nth(nth)
    box.scroll_into_view_if_needed()
    return box


def button(box: Locator, name: str) -> Locator:
    return box.get_by_role("button", name=name, exact=False)


def kept(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
    return dict(data["claims"])


def says(box: Locator, words: str) -> None:
    box.get_by_text(words).first.wait_for()


@pytest.mark.parametrize("width", [1280, 800])
def test_claims_are_marked_one_by_one_and_kept(lab: Lab, tmp_path: Path, width: int) -> None:
    sheet = lab.live(asking(tmp_path), "claims_test('before', only='A1 A4 C4')", width=width)
    box = quiz(sheet)
    says(box, "Normal threads are implemented in the kernel.")
    before = button(box, "partly").bounding_box()
    button(box, "partly").click()
    says(box, "A1: partly. Kept; you will meet it in lessons 1 and 5.")
    says(box, "Userland threads are faster")
    assert button(box, "partly").bounding_box() == before, "the buttons stay where they are"
    sheet.shot(f"claims-asked-light-{width}")
    button(box, "next").click()
    says(box, "structure task_struct")
    button(box, "back").click()
    says(box, "Userland threads are faster")
    button(box, "true").focus()
    sheet.page.keyboard.press("Enter")
    says(box, "A4: true. Kept")
    sheet.page.keyboard.press("Tab")
    sheet.page.keyboard.press("Space")
    says(box, "C4: partly. Kept")
    says(box, "3 of 3 marked and kept. You will meet each in its lesson")
    assert {id: each["mark"] for id, each in kept(tmp_path)["before"].items()} == {"A1": "partly", "A4": "true", "C4": "partly"}
    shown = box.inner_text()
    assert "SIGALRM enters the kernel" not in shown, "no verdict before the end"
    sheet.theme("dark")
    sheet.shot(f"claims-before-dark-{width}")
    sheet.theme("light")
    sheet.shot(f"claims-before-light-{width}")
    sheet.assert_quiet()


@pytest.mark.parametrize("width", [1280, 800])
def test_after_the_course_the_marks_stand_side_by_side(lab: Lab, tmp_path: Path, width: int) -> None:
    first = "claims_test('before', only='A1 A4', answers={'A1': 'wrong', 'A4': 'true'})"
    sheet = lab.live(asking(tmp_path), first, "claims_test('after', only='A1 A4')", width=width)
    box = quiz(sheet)
    button(box, "true").click()
    says(box, "Userland threads are faster")
    button(box, "wrong").click()
    says(box, "SIGALRM enters the kernel")
    table = box.locator("table")
    assert table.locator("tbody tr").count() == 4
    assert table.locator("tbody tr").nth(2).locator("td").all_inner_texts()[2:4] == ["✗ true", "✓ wrong"]
    says(box, "You agree with the course on 2 of 2; before it, on 0. Changed: 2.")
    sheet.shot(f"claims-after-light-{width}")
    sheet.theme("dark")
    sheet.shot(f"claims-after-dark-{width}")
    sheet.theme("light")
    assert not table.evaluate("(node) => node.scrollWidth > node.parentElement.clientWidth"), "it fits into the cell"
    sheet.assert_quiet()


def test_who_comes_back_goes_on_where_they_left_off(lab: Lab, tmp_path: Path) -> None:
    first = "claims_test('before', answers={'A1': 'true', 'A2': 'true'})"
    sheet = lab.live(asking(tmp_path), first, "claims_test('before')")
    box = quiz(sheet)
    says(box, "Several operating systems had threads")
    says(box, "2 of 34 marked and kept.")
    button(box, "back").click()
    says(box, "Userland threads used SIGALRM")
    assert "labkit-chosen" in (button(box, "true").get_attribute("class") or "")
    sheet.assert_quiet()
