"""The main job: `labkit lab` opens the course in a browser, and every lesson runs with live pictures, on this machine alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lab, Sheet
    from playwright.sync_api import Locator

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/lab/tree/\S+\?(token=\S+)")
LESSONS = sorted(p.stem for p in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
KERNEL_VIEWS = {
    "09_kthreads": {"task_forest", "timeline"},
    "10_life_of_a_kthread": {"dmesg", "kthread_states", "task_forest", "timeline"},
    "11_printk_and_dmesg": {"dmesg", "ring_buffer", "timeline"},
    "12_stacks_preemption_workqueues": {"preempt_trio", "stack_gauge", "timeline"},
}
"""Which pictures a lesson on the kernel has, at least; its timelines are of runs of the real kernel."""
LIVE = {"application/vnd.jupyter.widget-view+json", "image/svg+xml"}
"""What an output has that is a live view; a prediction is live too, but has no picture."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, lab_at: Callable[[str, Path, str], Lab]) -> Iterator[Lab]:
    """The course as a student gets it: what `make lab` starts, in a work folder of its own."""
    home = tmp_path_factory.mktemp("student")
    (home / "config").mkdir()
    # Why: lets the test press JupyterLab's own commands; nothing else is changed.
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    dirs = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    dirs |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    env = os.environ | {key: str(home / value) for key, value in dirs.items()}
    env.pop("LABKIT_PREDICT", None)
    work = home / "work"
    command = [sys.executable, "-u", "-m", "labkit", "lab", "--no-browser", "--dir", str(work)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as lab:
        try:
            assert lab.stdout is not None
            address = next(m for line in lab.stdout if (m := ADDRESS.search(line)))
            yield lab_at(address[1], work, f"&{address[2]}")
        finally:
            lab.terminate()


def test_the_first_page_leads_to_the_lessons(course: Lab) -> None:
    sheet = course.show("START-HERE.ipynb")
    for lesson in LESSONS:
        assert sheet.page.locator(f"a[href*='{lesson}']").count(), lesson
    sheet.shot("start-here")
    sheet.assert_quiet()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_to_its_end_with_live_pictures(course: Lab, lesson: str) -> None:
    sheet = course.show(f"notebooks/{lesson}.ipynb")
    sheet.run_all()
    assert sheet.failures() == []
    cells = sheet.cells()
    live = [i for i, cell in enumerate(cells) if any(set(output.get("data", {})) >= LIVE for output in cell.get("outputs", []))]
    drawn = {name for i in live for name in views_of(sheet, i)}
    assert drawn >= KERNEL_VIEWS.get(lesson, {"timeline"})
    tags = {"needs-qemu"} if lesson in KERNEL_VIEWS else set()
    at = next(
        i for i in live if ".timeline(" in "".join(cells[i]["source"]) and tags <= set(cells[i]["metadata"].get("tags", []))
    )
    sheet.go_to(at)
    timeline = cell_at(sheet, at).get_by_test_id("timeline-view").last
    timeline.get_by_test_id("timeline-scrub").focus()
    for _ in range(3):
        sheet.page.keyboard.press("ArrowRight")
    assert timeline.get_attribute("data-step") == "3"
    sheet.shot(f"lesson-{lesson}")
    sheet.assert_quiet()


def cell_at(sheet: Sheet, index: int) -> Locator:
    """The element of a cell, as long as it is near the screen."""
    return sheet.page.locator(f".jp-Cell[data-windowed-list-index='{index}']")


def views_of(sheet: Sheet, index: int) -> set[str]:
    """Names of the views that a cell draws live."""
    sheet.go_to(index)
    live = cell_at(sheet, index).locator("[data-testid$='-view']")
    live.first.wait_for()
    return {str(name).removesuffix("-view") for name in live.evaluate_all("all => all.map((e) => e.dataset.testid)")}


def test_a_picture_is_still_there_when_the_notebook_is_opened_again(course: Lab) -> None:
    first = course.live("from labkit import *", "run(lambda: spawn(sched_yield).join()).timeline()")
    first.part("timeline-view").wait_for()
    first.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    first.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    first.context.close()
    again = course.show(first.notebook)
    again.part("timeline-view").wait_for()
    again.part("timeline-scrub").focus()
    again.page.keyboard.press("End")
    assert "main ends" in again.part("timeline-says").inner_text()
