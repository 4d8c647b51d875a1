"""The kernel's views in a real browser: live in JupyterLab, and as pages of their own that were saved to disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labkit import views
from labkit.views.story import TraceView

if TYPE_CHECKING:
    from conftest import Lab, Sheet

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

KERNEL_VIEWS = [view for view in views.ALL if not issubclass(view, TraceView)]
NAMES = [view.name for view in KERNEL_VIEWS]
LOAD = "from labkit import views; from labkit.kmsg import Record"


def sample(name: str) -> str:
    """A cell that draws the usual sample of a view."""
    return f"views.find({name!r}).samples()['usual']()"


def height(sheet: Sheet, name: str) -> int:
    box = sheet.part(f"{name}-view").bounding_box()
    assert box
    return round(box["height"])


@pytest.mark.parametrize("width", [1280, 800])
def test_every_view_draws_live_in_both_themes_at_the_height_it_said(lab: Lab, width: int) -> None:
    sheet = lab.live(LOAD, *(sample(name) for name in NAMES), width=width)
    for cell, view in enumerate(KERNEL_VIEWS, 1):
        sheet.go_to(cell)
        sheet.part(f"{view.name}-view").wait_for()
        assert height(sheet, view.name) == view.samples()["usual"]().height, view.name
        sheet.shot(f"{view.name}-light-{width}")
    sheet.theme("dark")
    for cell, view in enumerate(KERNEL_VIEWS, 1):
        sheet.go_to(cell)
        sheet.part(f"{view.name}-view").wait_for()
        sheet.shot(f"{view.name}-dark-{width}")
    sheet.theme("light")
    assert sheet.page.locator("iframe").count() == 0
    sheet.assert_quiet()


def test_the_forest_is_walked_with_the_arrow_keys_and_filtered(lab: Lab) -> None:
    sheet = lab.live(LOAD, sample("task_forest"))
    tree, keys = sheet.part("task_forest-tree"), sheet.page.keyboard
    tree.focus()
    rows = tree.get_by_role("treeitem")
    assert rows.count() == 8
    for key in ("ArrowDown", "ArrowLeft"):  # init, folded
        keys.press(key)
    assert rows.count() == 6
    assert tree.get_by_role("treeitem", expanded=False).count() == 1
    keys.press("End")
    facts = sheet.part("task_forest-facts").inner_text()
    assert "a_very_long_kernel_thread_name_x" in facts
    assert "PF_KTHREAD" in facts
    assert "comm (15 characters): a_very_long_ker" in facts
    keys.press("/")
    keys.type("kwork")
    assert sheet.part("task_forest-found").inner_text() == "1 of 7"
    assert [row.strip() for row in rows.all_inner_texts()][-1].endswith("kworker/0:0H")
    sheet.assert_quiet()


def test_a_kthread_is_walked_with_buttons_and_keys(lab: Lab) -> None:
    sheet = lab.live(LOAD, "views.KthreadStates()")
    assert sheet.part("kthread_states-stop").is_disabled()
    for call in ("create", "wake", "stop"):
        sheet.part(f"kthread_states-{call}").click()
    says = sheet.part("kthread_states-says")
    assert "kthread_stop returned -EINTR" in says.inner_text()
    sheet.part("kthread_states-undo").click()
    for key in "gpp":
        sheet.page.keyboard.press(key)
    assert "kthread_park returned -EBUSY" in says.inner_text()
    assert sheet.part("kthread_states-view").get_attribute("data-state") == "parked"
    sheet.page.keyboard.press("s")
    assert "kthread_stop returned 7" in says.inner_text()
    assert sheet.part("kthread_states-walked").locator("tr").count() == 6
    sheet.part("kthread_states-reset").click()
    assert sheet.part("kthread_states-view").get_attribute("data-state") == "none"
    sheet.assert_quiet()


def test_the_ring_steps_and_its_console_level_and_mark_move(lab: Lab) -> None:
    sheet = lab.live(LOAD, sample("ring_buffer"))
    sheet.part("ring_buffer-scrub").focus()
    sheet.page.keyboard.press("Home")
    assert "the buffer is empty" in sheet.part("ring_buffer-says").inner_text()
    sheet.page.keyboard.press("ArrowDown")
    assert "overwrites 351" in sheet.part("ring_buffer-says").inner_text()
    sheet.page.keyboard.press("End")
    assert "console gets levels < 4: 1 of 10" in sheet.part("ring_buffer-reach").inner_text()
    sheet.part("ring_buffer-console").focus()
    for _ in range(4):
        sheet.page.keyboard.press("ArrowRight")
    assert "console gets levels < 8: 10 of 10" in sheet.part("ring_buffer-reach").inner_text()
    hidden = sheet.part("ring_buffer-records").get_by_text("hidden")
    assert hidden.count() == 2
    sheet.part("ring_buffer-clear").click()
    assert hidden.count() == 0
    sheet.assert_quiet()


def test_dmesg_switches_by_itself_and_asks_where_it_must(lab: Lab) -> None:
    long = "long = views.Dmesg(Record(i % 8, 0, i, 1000 * i, '-', f'line {i}') for i in range(100)); long"
    sheet = lab.live(LOAD, sample("dmesg"), long)
    short_log, long_log = sheet.part("dmesg-log"), sheet.part("dmesg-log", 1)
    sheet.part("dmesg-x").click()
    sheet.part("dmesg-levels").select_option("err,warn")
    assert sheet.part("dmesg-command").inner_text() == "$ dmesg -x -l err,warn"
    assert [line.split()[0] for line in short_log.inner_text().splitlines()[:2]] == ["kern", "user"]
    sheet.part("dmesg-r", 1).click()
    long_log.get_by_text("<6>[    0.006000] line 6").wait_for()
    sheet.assert_quiet()


def test_dmesg_grows_while_records_arrive(lab: Lab) -> None:
    growing = "log = views.Dmesg(); log"
    add = "log.add([Record(6, 0, 1, 1_000_000, '-', 'first'), Record(4, 0, 2, 1_500_000, '-', 'second')])"
    sheet = lab.live(LOAD, growing)
    assert "no records yet" in sheet.part("dmesg-log").inner_text()
    before = height(sheet, "dmesg")
    sheet.part("dmesg-d").click()
    sheet.page.evaluate(
        "(code) => void window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code })", add
    )
    sheet.part("dmesg-log").get_by_text("second").wait_for()
    assert "<    0.500000>] second" in sheet.part("dmesg-log").inner_text()
    assert height(sheet, "dmesg") == before
    sheet.assert_quiet()


def test_the_stack_overflows_where_python_said(lab: Lab) -> None:
    sheet = lab.live(LOAD, "views.StackGauge([('rec', 528)], depth=30)")
    says = sheet.part("stack_gauge-says")
    assert "one more call of rec does not fit" in says.inner_text()
    sheet.part("stack_gauge-step").click()
    assert "stack guard page was hit" in says.inner_text()
    assert "over the end" in sheet.part("stack_gauge-frames").inner_text()
    sheet.assert_quiet()


def test_the_trio_tells_of_all_runs_at_one_time(lab: Lab) -> None:
    sheet = lab.live(LOAD, sample("preempt_trio"))
    lanes = sheet.part("preempt_trio-lanes")
    lanes.focus()
    sheet.page.keyboard.press("ArrowDown")  # to the first mark: the sleep should end
    says = sheet.part("preempt_trio-says").inner_text().splitlines()
    assert len(says) == 3
    assert "none: shell could run, but has to wait, busy/0 runs" in says[0]
    assert "full: shell runs" in says[2]
    sheet.assert_quiet()


@pytest.mark.parametrize("view", KERNEL_VIEWS, ids=lambda v: v.name)
def test_a_saved_page_works_offline(lab: Lab, tmp_path: Path, view: type[views.View]) -> None:
    """The page is the iframe of a static notebook, and it must work from a disk and fit into its frame."""
    shown = view.samples()["awkward"]()
    sheet, page = lab.saved(shown.html(), tmp_path)
    root = page.get_by_test_id(f"{view.name}-view")
    box = root.bounding_box()
    assert box
    assert round(box["height"]) == shown.height
    assert not root.evaluate("(node) => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    sheet.assert_quiet()
