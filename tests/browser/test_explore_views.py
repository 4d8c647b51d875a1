"""The views of exploration in a real browser: live in JupyterLab, and as pages of their own that were saved to disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labkit import views
from labkit.tracelog import Trace
from labkit.views.deposits import two_deposits

if TYPE_CHECKING:
    from conftest import Lab, Sheet

pytestmark = [pytest.mark.requires("browser"), pytest.mark.xdist_group("browser")]

TRACES = Path(__file__).parents[1] / "labkit" / "views" / "traces.py"
NAMES = ["scheduler", "schedule_tree", "lockgraph", "waiting_room"]
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


REPLAY = f"""
import runpy
from labkit.views.deposits import two_deposits
made = runpy.run_path({str(TRACES)!r})
views.ScheduleTree(two_deposits(), on_select=lambda schedule: views.Timeline(made["locked"](), title=f"run {{schedule}}"))
"""


def test_the_schedule_tree_is_walked_with_the_arrow_keys(lab: Lab) -> None:
    sheet = lab.live(LOAD, sample("schedule_tree"))
    tree, says, keys = sheet.part("schedule_tree-tree"), sheet.part("schedule_tree-says"), sheet.page.keyboard
    tree.focus()
    assert "balance is 110" in says.inner_text(), "it opens at a run that fails"
    keys.press("ArrowLeft")
    assert "2 runs go through here, all fail" in says.inner_text()
    assert "The same can happen after another box" in says.inner_text()
    for _ in range(2):
        keys.press("ArrowLeft")
    assert "6 runs go through here, 4 of them fail. The choice: A or B goes next." in says.inner_text()
    keys.press("Home")
    assert "ends with 160" in says.inner_text()
    assert sheet.part("schedule_tree-schedule").inner_text() == "A A B B"
    rows = sheet.part("schedule_tree-steps").locator("tbody tr")
    assert rows.count() == 4
    assert rows.nth(2).inner_text().split("\t") == ["3", "", "reads balance, line 4"]
    keys.press(" ")
    assert tree.get_by_role("treeitem").get_by_text("A writes balance, line 5").count() == 1
    keys.press("f")
    assert "fails" in says.inner_text()
    assert tree.get_by_role("treeitem", selected=True).count() == 0
    keys.press("Enter")
    assert tree.get_by_role("treeitem", selected=True).count() == 1
    sheet.assert_quiet()


def test_a_chosen_run_is_replayed_by_python_and_shown(lab: Lab) -> None:
    sheet = lab.live(LOAD, REPLAY)
    sheet.part("schedule_tree-tree").get_by_text("balance is 150, not 160").first.click()
    replay = sheet.part("schedule_tree-replay")
    inside = replay.frame_locator("iframe")
    inside.get_by_text("run A B B A").wait_for()
    inside.get_by_test_id("timeline-step").click()
    assert "main starts" in inside.get_by_test_id("timeline-says").inner_text()
    replay.scroll_into_view_if_needed()
    sheet.shot("schedule_tree-replayed")
    sheet.assert_quiet()


BANK = """
from labkit import Mutex, explore, spawn
import labkit.course

class Account:
    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        seen = self.balance
        self.balance = seen + amount

def main():
    account = Account(100)
    threads = [spawn(account.deposit, 50), spawn(account.deposit, 10)]
    for thread in threads:
        thread.join()
    assert account.balance == 160, f"the balance is {account.balance}"
"""


@pytest.mark.parametrize("width", [1280, 800])
def test_a_verdicts_tree_shows_the_failing_run_and_replays_the_one_that_is_clicked(lab: Lab, width: int) -> None:
    sheet = lab.live(BANK, "verdict = explore(main); verdict.tree()", width=width)
    sheet.go_to(1)
    replay = sheet.part("schedule_tree-replay")
    inside = replay.frame_locator("iframe")
    inside.get_by_text("the run A B B A").wait_for()
    assert "the balance is 150" in sheet.part("schedule_tree-says").inner_text()
    for theme in ("dark", "light"):
        sheet.theme(theme)
        sheet.part("schedule_tree-tree").scroll_into_view_if_needed()
        sheet.shot(f"verdict-tree-{theme}-{width}")
        replay.scroll_into_view_if_needed()
        sheet.shot(f"verdict-tree-replay-{theme}-{width}")
    tree = sheet.part("schedule_tree-tree")
    tree.focus()
    sheet.page.keyboard.press("Home")
    sheet.page.keyboard.press("Enter")
    inside.get_by_text("the run A A B B").wait_for()
    assert "ends with None" in sheet.part("schedule_tree-says").inner_text()
    sheet.assert_quiet()


def test_a_saved_tree_shows_the_failing_run_without_python(lab: Lab, tmp_path: Path) -> None:
    drawn = views.ScheduleTree(two_deposits(), on_select=lambda schedule: views.Timeline(Trace(), title=f"run {schedule}"))
    sheet, page = lab.saved(drawn.html(), tmp_path, height=900)
    box = page.get_by_test_id("schedule_tree-view").bounding_box()
    assert box
    assert round(box["height"]) == drawn.height
    page.frame_locator("iframe").get_by_text("run A B A B").wait_for()
    page.get_by_test_id("schedule_tree-tree").get_by_text("160").first.click()
    page.get_by_text("A saved picture keeps one run").wait_for()
    sheet.shot("schedule_tree-saved-800")
    sheet.assert_quiet()


@pytest.mark.parametrize("width", [1280, 800])
def test_a_student_breaks_a_real_program_is_told_why_mends_it_and_has_it_proven(lab: Lab, width: int) -> None:
    sheet = lab.live(BANK, "explore(main).play()", width=width)
    sheet.go_to(1)
    notes, says = sheet.part("scheduler-notes"), sheet.part("scheduler-says")
    assert "2 of the 4 different schedules fail. Find one that does" in notes.inner_text()
    for theme in ("dark", "light"):
        sheet.theme(theme)
        sheet.part("scheduler-view").scroll_into_view_if_needed()
        sheet.shot(f"play-start-{theme}-{width}")
    for n, part in enumerate(("thread-0", "thread-0", "thread-1", "thread-1"), 1):
        step(sheet, part, n)
    assert "It ended with None. Nothing broke in this order." in says.inner_text()
    assert "but 2 of the 4 different schedules do" in notes.inner_text()
    step(sheet, "restart", 0)
    for n, part in enumerate(("thread-0", "thread-1", "thread-1"), 1):
        step(sheet, part, n)
    assert "account.balance, as A read it\t100" in sheet.part("scheduler-values").inner_text()
    sheet.shot(f"play-midway-{width}")
    step(sheet, "thread-0", 4)
    assert "You broke it after 4 steps: AssertionError: the balance is 150" in says.inner_text()
    assert "A writes account.balance 150 (line 10): B's write is lost." in notes.inner_text()
    assert "Now mend the program in its cell, run it, and then explore(main) again" in notes.inner_text()
    for theme in ("dark", "light"):
        sheet.theme(theme)
        sheet.part("scheduler-view").scroll_into_view_if_needed()
        sheet.shot(f"play-broken-{theme}-{width}")
    box = sheet.part("scheduler-view").bounding_box()
    assert box
    made = BANK.replace("self.balance = balance", "self.balance = balance; self.lock = Mutex()")
    made = made.replace("        seen =", "      with self.lock:\n        seen =")
    sheet.page.evaluate(
        "(text) => { window.jupyterapp.shell.currentWidget.context.model.cells.get(0).sharedModel.setSource(text); }", made
    )
    sheet.run_all()
    sheet.page.get_by_text("No schedule of this program fails: all 2 ran").wait_for()
    sheet.assert_quiet()


TABLE = """
from labkit import Mutex, explore, spawn

def table():
    forks = [Mutex() for i in range(3)]
    def eat(i):
        with forks[i]:
            with forks[(i + 1) % 3]:
                pass
    for thread in [spawn(eat, i) for i in range(3)]:
        thread.join()
"""


@pytest.mark.parametrize("width", [1280, 800])
def test_a_deadlock_that_was_found_is_one_call_from_its_graph(lab: Lab, width: int) -> None:
    sheet = lab.live(TABLE, "explore(table).lockgraph()", "explore(table).play('B A C')", width=width)
    sheet.go_to(1)
    chains = sheet.part("lockgraph-chains")
    assert "A waits for forks[1], held by B, which waits for forks[2], held by C" in chains.inner_text()
    for theme in ("dark", "light"):
        sheet.theme(theme)
        sheet.go_to(1)
        sheet.shot(f"table-{theme}-{width}")
        sheet.go_to(2)
        sheet.shot(f"table-play-{theme}-{width}")
    sheet.assert_quiet()


CELL = """%%explore
balance = 100

def deposit(amount):
    global balance
    balance += amount

threads = [spawn(deposit, 50), spawn(deposit, 10), spawn(deposit, 1)]
for thread in threads:
    thread.join()
assert balance == 161
"""


def test_a_cell_is_explored_and_its_tree_is_live(lab: Lab) -> None:
    sheet = lab.live("from labkit import spawn\nimport labkit.course", CELL)
    sheet.page.get_by_text("30 of 36 schedules fail").first.wait_for()
    sheet.part("schedule_tree-replay").frame_locator("iframe").get_by_test_id("timeline-view").wait_for()
    sheet.go_to(1)
    sheet.shot("magic")
    sheet.part("schedule_tree-tree").scroll_into_view_if_needed()
    sheet.shot("magic-tree")
    sheet.assert_quiet()


LONG = """
import os
os.environ.pop("LABKIT_QUIET", None)  # the tests set it; a student has not
from labkit import explore, spawn

def long():
    n = [0]
    def add():
        for i in range(4):
            n[0] += 1
    for thread in [spawn(add) for i in range(4)]:
        thread.join()
"""


def test_a_long_exploration_shows_how_far_it_is_and_an_interrupt_gives_what_is_known(lab: Lab) -> None:
    sheet = lab.open([LONG, "verdict = explore(long)\nprint(verdict)"])
    sheet.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    sheet.page.get_by_text(re.compile(r"explore: [0-9,]+ schedules, [0-9,]+ a second; Ctrl-C")).wait_for()
    sheet.shot("explore-progress")
    sheet.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    sheet.page.get_by_text("not every schedule was run: it was interrupted").wait_for()
    sheet.wait_idle()
    sheet.shot("explore-interrupted")
    assert sheet.failures() == []
    assert "Ctrl-C" not in str(sheet.cells()[1]["outputs"])
    sheet.assert_quiet()


GAME = "from labkit.views.deposits import DEPOSITS, deposits\ngame = views.Scheduler(deposits, DEPOSITS); game"


def step(sheet: Sheet, part: str, steps: int) -> None:
    """Click, and wait until Python has answered."""
    sheet.part(f"scheduler-{part}").click()
    sheet.page.wait_for_selector(f"[data-testid=scheduler-view][data-steps='{steps}'][data-waits=false]")


def test_a_student_breaks_the_program_by_clicking_and_goes_back(lab: Lab) -> None:
    sheet = lab.live(LOAD, GAME)
    says, values = sheet.part("scheduler-says"), sheet.part("scheduler-values")
    assert "Choose the thread that takes the first step" in says.inner_text()
    for n, part in enumerate(("thread-0", "thread-1", "thread-1"), 1):
        step(sheet, part, n)
    assert "B took step 3" in says.inner_text()
    assert "110" in values.inner_text()
    assert sheet.part("scheduler-thread-1").is_disabled()
    sheet.shot("scheduler-midway")
    step(sheet, "thread-0", 4)
    assert "You broke it after 4 steps: balance is 150, not 160" in says.inner_text()
    assert sheet.part("scheduler-schedule").inner_text() == "A B B A"
    assert "4 steps, 2 switches, 1 preemption" in sheet.part("scheduler-view").inner_text()
    sheet.shot("scheduler-broken")
    step(sheet, "undo", 3)
    step(sheet, "restart", 0)
    step(sheet, "finish", 4)
    assert "You broke it" in says.inner_text()
    sheet.assert_quiet()


def test_the_scheduler_is_played_with_the_keyboard(lab: Lab) -> None:
    sheet = lab.live(LOAD, GAME)
    sheet.part("scheduler-thread-0").focus()
    focused = []
    for n, key in enumerate("1122", 1):
        sheet.page.keyboard.press(key)
        sheet.page.wait_for_selector(f"[data-testid=scheduler-view][data-steps='{n}'][data-waits=false]")
        focused.append(sheet.page.evaluate("document.activeElement.textContent"))
    assert [words[0] for words in focused] == ["A", "B", "B", "r"], "focus goes where one can go on: to B, then to restart"
    assert "It ended with 160" in sheet.part("scheduler-says").inner_text()
    sheet.page.keyboard.press("z")
    sheet.page.wait_for_selector("[data-testid=scheduler-view][data-steps='3'][data-waits=false]")
    assert "B took step 3: reads balance, line 4" in sheet.part("scheduler-says").inner_text()
    sheet.assert_quiet()


def test_the_scheduler_needs_python_and_a_saved_page_says_so(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "static.html").write_text(views.find("scheduler").samples()["usual"]().page(), encoding="utf-8")
    sheet = lab.sheet(width=800, height=600)
    sheet.page.goto((tmp_path / "static.html").as_uri())
    assert "with a running Jupyter kernel" in sheet.part("scheduler-says").inner_text()
    assert "writes balance, line 5" in sheet.part("scheduler-thread-0").inner_text()
    assert all(sheet.part(f"scheduler-{part}").is_disabled() for part in ("thread-0", "undo", "restart", "finish"))


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_page_works_offline(lab: Lab, tmp_path: Path, name: str) -> None:
    """The page is the iframe of a static notebook, and it must work from a disk and fit into its frame."""
    shown = views.find(name).samples()["awkward"]()
    sheet, page = lab.saved(shown.html(), tmp_path, height=700)
    root = page.get_by_test_id(f"{name}-view")
    box = root.bounding_box()
    assert box
    assert round(box["height"]) == shown.height
    assert not root.evaluate("(node) => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    sheet.shot(f"{name}-offline-800")
    sheet.assert_quiet()
