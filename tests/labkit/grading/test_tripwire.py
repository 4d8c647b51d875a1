"""What the wire takes for odd, and whose deed it says it is. How it stands in a process is tried in test_harness.py."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from labkit.grading import tripwire
from labkit.grading.tripwire import Tripwire

WIRE = Tripwire(lambda *facts: None, {"<6b-solution>"}, (), {"<6b-counting>"})


def frame_in(file: str, code: str = "frame = look(0)", **names: Any) -> types.FrameType:
    """A frame of code in this file."""
    space: dict[str, Any] = {"look": sys._getframe, **names}
    exec(compile(code, file, "exec"), space)
    frame: types.FrameType = space["frame"]
    return frame


@pytest.mark.parametrize(("event", "arguments", "words"), [
    ("sys._getframe", (), "reads stack frames"), ("gc.get_objects", (), "lists all objects"),
    ("ctypes.dlopen", ("x",), "C library"),
    ("object.__getattr__", (print, "__globals__"), "reads __globals__"),
    ("object.__setattr__", (print, "__code__"), "replaces __code__"),
    ("import", ("ctypes", None, None, None, None), "imports ctypes"),
    ("open", ("/proc/self/mem", "r", 0), "opens /proc/self/mem"),
    ("open", (b"/proc/self/task/7/maps", "r", 0), "opens /proc"), ("open", ("mem", None, 0), "opens mem"),
    ("labkit.handler", (), "handles a signal"), ("exec", (None,), "runs code"),
])  # fmt: skip
def test_odd_events_are_told_in_words(event: str, arguments: tuple[Any, ...], words: str) -> None:
    assert words in WIRE.what_of(event, arguments)


@pytest.mark.parametrize(("event", "arguments"), [
    ("open", ("notes.txt", "w", 0)), ("open", (3, "w", 0)), ("open", ("members", "r", 0)), ("import", ("json",)), ("import", ()),
    ("open", ()),
    ("object.__getattr__", (print, "__name__")), ("object.__getattr__", ()), ("time.sleep", (1,)),
])  # fmt: skip
def test_ordinary_events_are_nothing(event: str, arguments: tuple[Any, ...]) -> None:
    assert WIRE.what_of(event, arguments) == ""


def test_a_name_that_says_yes_to_everything_fools_nobody() -> None:
    class Yes(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            raise AssertionError("a student's method was called")

        __hash__ = str.__hash__

    assert WIRE.what_of("open", (Yes("/proc/self/mem"), "r", 0)) == ""
    assert WIRE.what_of("object.__getattr__", (print, Yes("__globals__"))) == ""


def test_what_the_exercise_is_about_is_not_odd() -> None:
    about = Tripwire(lambda *facts: None, (), ("ctypes", "signal"))
    assert (
        about.what_of("ctypes.dlopen", ("x",))
        == about.what_of("import", ("ctypes",))
        == about.what_of("labkit.handler", ())
        == ""
    )
    assert about.what_of("gc.get_objects", ())


def test_a_deed_belongs_to_whose_line_does_it() -> None:
    assert WIRE.whose(frame_in("<6b-solution>"), "sys._getframe").startswith("6b-solution, line 1")
    assert WIRE.whose(frame_in("/tmp/mine.py"), "sys._getframe").startswith("/tmp/mine.py, line 1"), "a module of a student's own"
    assert WIRE.whose(frame_in("<6b-solution>", __name__="labkit.explore"), "sys._getframe"), "a name can be forged"


def test_what_labkit_does_for_a_student_is_labkits(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = frame_in("/usr/lib/labkit.py")
    monkeypatch.setattr(tripwire, "OURS", {id(frame.f_globals)})
    assert WIRE.whose(frame, "sys._getframe") == ""


def test_a_replaced_name_and_a_shadowed_builtin_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    space: dict[str, Any] = {"run": print, "here": 1}
    monkeypatch.setattr(tripwire, "OURS", {id(space)})
    kept = {"run": id(print)}
    assert list(tripwire._changes(space, kept)) == []
    space |= {"here": 2, "mine": len}
    assert list(tripwire._changes(space, kept)) == []
    space |= {"run": len, "len": max}
    assert sorted(tripwire._changes(space, kept)) == ["len", "run"]
