"""A recorded run shows where there is no compiler what it showed where there was one."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.native import NativeRun, NoCompiler, build, recorded, run
from tests.labkit.native.programs import FOLDER, LAWS, MACHINES, MAPS, main

pytestmark = pytest.mark.requires("linux")


def same(a: NativeRun, b: NativeRun) -> bool:
    """Everything that a lesson shows of a run."""
    shown = ("stdout", "stderr", "exit", "signal", "warnings", "maps", "stacks", "places", "switches", "backtraces", "syscalls")
    return all(getattr(a, name) == getattr(b, name) for name in shown) and a.trace == b.trace and a.verdict() == b.verdict()


@pytest.mark.requires("cc")
@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_is_lost_on_the_way_through_a_file(machine: str) -> None:
    for program in (LAWS, MAPS, FOLDER / "registers.c", main("*(volatile int *)8 = 1; return 0;")):
        done = run(program, machine, stdin="30 4 0")
        assert same(done, recorded.unpack(recorded.pack(done)))
        assert len(recorded.pack(done)) < 300_000


@pytest.mark.requires("cc")
def test_without_a_compiler_a_recorded_run_is_shown_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lesson").mkdir()
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    monkeypatch.setenv(recorded.RECORD_VARIABLE, str(tmp_path / "lesson"))
    done = run(LAWS)
    monkeypatch.delenv(recorded.RECORD_VARIABLE)

    def nothing() -> None:
        raise NoCompiler("none")

    monkeypatch.setattr(build, "find_compiler", nothing)
    kept = run(LAWS)
    assert kept.recorded
    assert same(done, kept)
    assert str(kept).startswith("(a recorded run: there is no C compiler here)\n0 10 20 30")
    with pytest.raises(NoCompiler):
        run(LAWS, switch="swapcontext")  # another run than the one that was kept


def test_the_key_changes_with_whatever_shapes_the_run() -> None:
    keys = [recorded.run_key("int", "uthread", stdin=""), recorded.run_key("int ", "uthread", stdin="")]
    keys += [recorded.run_key("int", "pthread", stdin=""), recorded.run_key("int", "uthread", stdin="1")]
    assert len(set(keys)) == 4
