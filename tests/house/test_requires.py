"""Tools that tests ask for: a missing one is named with its remedy, and fails where it must be there."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.conftest import TOOLS, skips, verdict


def nothing(name: str) -> bool:
    """A machine that has no tool at all."""
    return False


def test_missing_tool_skips_with_its_remedy() -> None:
    assert verdict(("browser",), required="", has=nothing) == ("skip", "chromium not found: apt install chromium")


def test_missing_tool_fails_where_it_is_required() -> None:
    what, why = verdict(("browser",), required="cc,browser", has=nothing)
    assert what == "fail"
    assert "apt install chromium" in why


def test_unknown_tool_fails_and_names_the_known_ones() -> None:
    what, why = verdict(("browsr",), required="")
    assert what == "fail"
    assert all(name in why for name in TOOLS)


def test_present_tools_let_the_test_run() -> None:
    assert verdict(("browser", "cc"), required="cc", has=lambda name: True) == ("run", "")


def test_every_tool_says_how_to_get_it() -> None:
    assert [name for name, tool in TOOLS.items() if ": " not in tool.missing] == []


def test_skips_of_one_reason_and_file_share_a_line() -> None:
    at = ("tests/browser/test_lab.py", 3, "Skipped: chromium not found: apt install chromium")
    reports = [
        pytest.TestReport(f"tests/browser/test_lab.py::test_{n}", ("", 3, ""), {}, "skipped", at, "setup")  # type: ignore[arg-type]
        for n in "ab"
    ]
    assert list(skips(reports)) == ["2 x chromium not found: apt install chromium (tests/browser/test_lab.py)"]


def test_tests_run_in_the_main_thread() -> None:
    """Python delivers SIGALRM to the main thread only, so the preemptive machine can be tested nowhere else."""
    assert threading.current_thread() is threading.main_thread()


def test_progress_of_tests_is_kept_away_from_the_users_own() -> None:
    assert Path(os.environ["LABKIT_PROGRESS_DIR"]).name.startswith("labkit-progress-")
    assert os.environ["LABKIT_PREDICT"] == "skip"
