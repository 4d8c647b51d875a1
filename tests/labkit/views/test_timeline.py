"""The timeline's text twin is a picture that one can check by eye."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from labkit.tracelog import Trace
from labkit.views import RunQueue, Timeline

_spec = importlib.util.spec_from_file_location("views_traces", Path(__file__).with_name("traces.py"))
assert _spec
assert _spec.loader
traces: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(traces)

LOCKED = """\
timeline: 24 steps, 3 threads, 9 switches
step     0         10        20
main     ░████░░░░░███───────░██
  has m      ▀▀▀▀▀▀▀
A          ░░░███────░░░████
  has m                  ▀
B           ░░░░░██░░░██
switch    ·   y  b p  s x   x w x

█ running   ░ runnable   ─ blocked   ▀ has the lock
switches: · start 1   y yield 1   p preempt 1   b block 1   s sleep 1   x exit 3   w wake 1"""


def test_text_twin_draws_each_step_as_one_column() -> None:
    assert Timeline(traces.locked()).text() == LOCKED


def test_axis_follows_the_clock_unless_it_is_given() -> None:
    assert Timeline(Trace(clock="virtual")).axis == "steps"
    assert Timeline(Trace(clock="real")).axis == "time"
    assert Timeline(Trace(clock="real"), axis="steps").axis == "steps"
    with pytest.raises(ValueError, match="steps and time"):
        Timeline(Trace(), axis="log")


def test_time_axis_gives_a_sleep_its_length() -> None:
    main = Timeline(traces.locked(), axis="time").text().splitlines()[2]
    assert main.count("─") == 37  # 11 of 21 µs on 72 columns


def test_threads_that_run_at_once_overlap() -> None:
    rows = Timeline(traces.overlapping(), axis="steps").text().splitlines()[2:5]
    assert all(row[14] == "█" for row in rows)


def test_a_column_of_many_steps_is_as_tall_as_the_share_that_ran() -> None:
    text = Timeline(traces.long(1_000, threads=2), axis="steps").text()
    assert "one column is 13.9 steps" in text
    assert "▅" in text


def test_run_queue_table_keeps_the_beginning_and_the_end() -> None:
    lines = RunQueue(traces.long(1_000)).text().splitlines()
    assert lines[32] == "   …  962 more steps"
    assert lines[2].split()[0] == "0"
    assert lines[-1].split()[0] == "999"
