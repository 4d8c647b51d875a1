"""%%explore: the cell as a program or the function it names, its options, its errors, and what it leaves behind."""

from __future__ import annotations

import inspect
import re
from types import SimpleNamespace
from typing import Any

import pytest

from labkit import explore
from labkit.course import exploreoptions, magics
from labkit.course.exploreoptions import help_text, read_options
from labkit.course.magicwords import BadOptions
from labkit.views.base import WIDGET_MIME
from tests.labkit.course.jupyter import run_cells

LOST = """\
balance = 100

def deposit(amount):
    global balance
    balance += amount

threads = [spawn(deposit, 50), spawn(deposit, 10)]
for thread in threads:
    thread.join()
assert balance == 160
"""


ADD = """\
def main():
    x = [0]
    def add():
        x[0] += 1
    for thread in [spawn(add), spawn(add)]:
        thread.join()
    return x[0]
"""


# The first line.


def test_the_options_are_those_of_explore() -> None:
    asked = set(inspect.signature(explore).parameters) - {"main"}
    assert asked <= set(exploreoptions.WORDS), "an option of explore() that %%explore does not know"


def test_the_first_line_says_how_to_explore() -> None:
    options, how = read_options("main --runs 7 --bound 0 --races --walk pct --seed 3 --seconds 1.5")
    assert options.name == "main"
    assert how == {"runs": 7, "bound": 0, "races": True, "walk": "pct", "seed": 3, "seconds": 1.5}
    assert read_options("")[1] == {}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("--runs x", ["--runs", "'x'"]),
        ("--runz 3", ["--runz", "did you mean --runs?"]),
        ("--walk slow", ["--walk", "pct"]),
        ("--show movie", ["--show", "'movie'", "tree"]),
        ("while", ["'while'"]),
        ("two names", ["names"]),
        ('"x', ["quotation mark"]),
    ],
)
def test_a_wrong_option_is_told_by_name(line: str, names: list[str]) -> None:
    with pytest.raises(BadOptions) as told:
        read_options(line)
    assert [name for name in ["%%explore", *names] if name not in str(told.value)] == []


def test_the_tab_key_offers_options_and_their_choices() -> None:
    def offered(line: str) -> list[str]:
        return magics._complete(None, SimpleNamespace(line=line))

    assert "--races" in offered("%%explore --ra")
    assert "--races" not in offered("%%explore --races --")
    assert offered("%%explore --walk ") == ["random", "pct"]
    assert "--cpus" not in offered("%%explore --")
    assert "--cpus" in offered("%%kmodule --")


def test_help_has_every_option() -> None:
    options = {word for action in exploreoptions.parser()._actions for word in action.option_strings}
    assert {word for word in options if word not in help_text()} == set()
    assert max(map(len, help_text().splitlines())) <= 130


# In a real Jupyter kernel.


FIRST = "from labkit import Mutex, explore, sched_yield, spawn\nimport labkit.course"


def outputs(*cells: str, **environment: str) -> list[list[Any]]:
    """What each cell puts out, after one that imports labkit."""
    return run_cells(FIRST, *cells, may_fail=True, **environment)[1:]


def texts(cell: list[Any]) -> str:
    return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") or o.get("evalue", "") for o in cell)


def test_a_cell_is_a_program_whose_variables_do_not_stay() -> None:
    cell, left, timeline = outputs(
        f"balance = 7\n__import__('IPython').get_ipython().run_cell_magic('explore', '', {LOST!r})",
        "balance, 'deposit' in globals(), _verdict.failing, _verdict.failures[0].schedule", "_verdict.timeline()",
    )  # fmt: skip
    assert texts(left) == "(7, False, 2, 'A B B A')"
    said = texts(cell)
    assert "2 of 4 schedules fail" in said
    assert "A writes balance 150 (line 6): B's write is lost." in said
    assert "schedule tree: 4 runs, 2 fail" in said
    assert "timeline" in texts(timeline)


def test_a_mended_cell_passes_shows_its_result_and_says_the_same_each_time() -> None:
    mended = LOST.replace("    balance += amount", "    with lock:\n        balance += amount").replace(
        "balance = 100", "balance = 100; lock = Mutex()"
    )
    passed, twice = outputs(f"%%explore --show verdict\n{mended}balance", f"%%explore --show verdict\n{mended}balance")
    assert "Passed: all 2 different schedules" in texts(passed)
    assert "always 160" in texts(passed)
    assert passed == twice


def test_a_function_is_explored_that_the_cell_defines_or_one_before_it() -> None:
    main = ADD
    here, again, stays = outputs(f"%%explore main --show verdict\n{main}", "%%explore main --bound 0", "main, _verdict.runs")
    assert "Passed: all 4 different schedules of main() ran" in texts(here)
    assert "at most 0 preemptions" in texts(again)
    assert re.fullmatch(r"\(<function .*main.*>, 2\)", texts(stays))


WRONG = [
    ("%%explore", "BadOptions", ["the cell is empty"]),
    ("%%explore nothing", "BadOptions", ["no function nothing"]),
    ("%%explore x\nx = 3", "BadOptions", ["x is no function"]),
    ("%%explore\nx = 1\nif x\n    y = 2", "BadCell", ["line 3", "if x"]),
    ("%%explore main\nx = 1\nif x\n    y = 2", "BadCell", ["line 3", "if x"]),
    ("%%explore\nfrom labkit import *\nspawn(print)", "BadOptions", ["line 2", "import *"]),
    ("%%explore\ndef main():\n    spawn(print).join()", "BadOptions", ["only defines main", "%%explore main"]),
]
"""A cell, the error that it ends with, and what that says."""


def test_a_wrong_cell_is_told_at_its_line_without_a_traceback() -> None:
    for (cell, ename, words), (told,) in zip(WRONG, outputs(*(cell for cell, _, _ in WRONG)), strict=True):
        assert told["ename"] == ename, cell
        assert told["traceback"] == [f"{ename}: {told['evalue']}"]
        assert [word for word in words if word not in told["evalue"]] == []


def test_an_error_while_the_cell_runs_shows_the_cell_and_none_of_our_functions() -> None:
    ((told,),) = outputs("%%explore main\ndef main():\n    pass\n1 / 0")
    assert told["ename"] == "ZeroDivisionError"
    shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(told["traceback"]))
    assert "Cell In[2], line 4" in shown
    assert "exploremagic" not in shown


def test_help_is_there_in_three_ways() -> None:
    helped, asked, tab = outputs(
        "%%explore --help", "print(get_ipython().object_inspect_text('%%explore'))",
        "get_ipython().complete('--ra', '%%explore --ra', 14)[1]",
    )  # fmt: skip
    assert helped[0]["text"] == help_text() + "\n"
    assert "--spurious" in asked[0]["text"]
    assert texts(tab) == "['--races']"


def test_what_is_shown_can_be_chosen() -> None:
    none, views = outputs(f"%%explore --show none\n{LOST}", f"%%explore --show timeline,lockgraph,play\n{LOST}")
    assert none == []
    assert [output["data"]["text/plain"].split(":")[0] for output in views] == [
        "timeline", "wait-for graph", "you are the scheduler",
    ]  # fmt: skip
    assert all(WIDGET_MIME not in output["data"] for output in views)


LARGE = """\
%%explore --show verdict,tree
n = 0
def add():
    global n
    for i in range(4):
        n += 1
threads = [spawn(add) for i in range(4)]
for thread in threads: thread.join()
"""

INTERRUPT = """\
from labkit.explore.progress import Progress
def tick(self, runs, failing):
    if runs == 200:
        Progress.tick = usual
        raise KeyboardInterrupt
usual, Progress.tick = Progress.tick, tick
"""


def test_an_interrupt_gives_the_partial_verdict() -> None:
    """The program is too large to be explored. Ctrl-C comes where the runs are counted; a test of the browser clicks for it."""
    _, cell, verdict = outputs(INTERRUPT, LARGE, "_verdict.exhausted, _verdict.runs, _verdict.stopped")
    assert "it was interrupted" in texts(cell)
    assert "schedule tree: 200 runs" in texts(cell)
    assert texts(verdict) == "(False, 200, 'it was interrupted')"
