"""An object is named by the thread that made it, however it was made: else its name depends on who uses it first."""

from __future__ import annotations

import copy
import functools
import json
import linecache
from itertools import count
from typing import Any

import pytest

from labkit import Event, explore, here, spawn
from labkit.explore.watch import SERIAL_BITS, Watch


class Shelf:
    """Holds a list."""

    def __init__(self) -> None:
        self.row = [0] * 2


PROGRAM = """
def main():
    row = {made}
    event = Event()
    def reader():
        event.set()
        return row[0]
    def writer():
        row[0] = 2
        event.clear()
        event.wait()
    threads = [spawn(reader), spawn(writer)]
    return [t.join() for t in threads]
"""
NAMES = {"Event": Event, "Shelf": Shelf, "copy": copy, "functools": functools, "json": json, "spawn": spawn, "two": 2}
_numbers = count()


def program(text: str) -> Any:
    name = f"<born {next(_numbers)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space = {**NAMES, "__name__": "__main__"}
    exec(compile(text, name, "exec"), space)
    return space["main"]


@pytest.mark.parametrize(
    "made",
    ["[0] * 2", "two * [0]", "[0] + [1]", "[[0] * 2][0]", "[[0] * 2 for _ in range(2)][1]", "(1, [0] * 2)[1]", "[0, 0][:]",
     "[0, *([0] * 2)]", "'a b'.split()", "copy.copy([0, 0])", "copy.deepcopy([[0, 0]])[0]", "json.loads('[[0, 0]]')[0]",
     "{0: 0} | {1: 0}", "functools.reduce(lambda a, b: a + b, [[0], [0]])", "Shelf().row", "copy.deepcopy(Shelf()).row"],
)  # fmt: skip
def test_main_names_what_main_makes(made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    late: list[Any] = []
    key = Watch.key

    def noted(self: Watch, thing: Any) -> Any:
        new = id(thing) not in self.keys
        found = key(self, thing)
        if new and isinstance(thing, (list, dict)) and here.machine.current is not None and here.machine.current.index != 0:
            late.append((thing, found, SERIAL_BITS))
        return found

    monkeypatch.setattr(Watch, "key", noted)
    verdict = explore(program(PROGRAM.format(made=made)))
    assert late == []
    assert (verdict.runs, verdict.exhausted, verdict.stopped) == (3, True, "")


def test_main_names_what_a_star_collects() -> None:
    verdict = explore(program(PROGRAM.format(made="None\n    _, *row = (1, 0, 0)")))
    assert (verdict.runs, verdict.exhausted) == (3, True)
